using System.ComponentModel;
using AgentPlatform.Api.Input;

namespace AgentPlatform.Api.Agent;

/// <summary>The body of <c>POST /agent</c>. A null stands for a member left out.</summary>
internal sealed record AskBody : QuestionBody
{
    public static BodyShape Shape { get; } = new(
        Example, Optional: false, [.. Fields, new("stream", BodyFieldKind.Boolean), new("strict", BodyFieldKind.Boolean)]);

    /// <summary>True: the answer is a stream of server-sent events while it is being made.</summary>
    [DefaultValue(false)]
    public bool? Stream { get; init; }

    /// <summary>True: a problem instead of a degraded answer.</summary>
    [DefaultValue(false)]
    public bool? Strict { get; init; }
}
