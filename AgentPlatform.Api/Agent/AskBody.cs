using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentPlatform.Api.Input;

namespace AgentPlatform.Api.Agent;

/// <summary>The body of <c>POST /agent</c>. A null stands for a member left out.</summary>
internal sealed record AskBody
{
    public const int MaxQuestion = 32_768;
    public const double MinTimeout = 0.1;
    public const double MaxTimeout = 600;
    public const double DefaultTimeout = 30.0;
    public const string DefaultAgent = "default";

    public static BodyShape Shape { get; } = new(
        """{"question":"What is 17% of 2340?"}""",
        Optional: false,
        [
            new("question", BodyFieldKind.Text, Required: true),
            new("session_id", BodyFieldKind.Text),
            new("timeout", BodyFieldKind.Number),
            new("agent", BodyFieldKind.Text),
            new("stream", BodyFieldKind.Boolean),
            new("strict", BodyFieldKind.Boolean),
            new("metadata", BodyFieldKind.Labels),
            new("user", BodyFieldKind.Text),
        ]);

    /// <summary>What the agent shall answer: 1 to 32,768 Unicode code points, not blank.</summary>
    [Required]
    [MinLength(1)]
    [MaxLength(MaxQuestion)]
    public string? Question { get; init; }

    /// <summary>The conversation this question belongs to; it begins with the first question. Without it the agent remembers nothing.</summary>
    [RegularExpression(Checks.SessionIdPattern)]
    public string? SessionId { get; init; }

    /// <summary>Seconds until an answer must be there. An answer that takes longer is degraded, and says so.</summary>
    [Range(MinTimeout, MaxTimeout)]
    [DefaultValue(DefaultTimeout)]
    public double? Timeout { get; init; }

    /// <summary>Name of the agent that shall answer; <c>GET /agents</c> lists them.</summary>
    [DefaultValue(DefaultAgent)]
    public string? Agent { get; init; }

    /// <summary>Must be false: this version answers in one piece only.</summary>
    [DefaultValue(false)]
    public bool? Stream { get; init; }

    /// <summary>True: a problem instead of a degraded answer.</summary>
    [DefaultValue(false)]
    public bool? Strict { get; init; }

    /// <summary>Labels kept with the run, to find it again: at most 16, keys of 1 to 64 of <c>A-Z a-z 0-9 _ . -</c>, values up to 512 characters.</summary>
    public Dictionary<string, string>? Metadata { get; init; }

    /// <summary>Your name for the person who asks; agents may use it in their instructions.</summary>
    [MinLength(1)]
    [MaxLength(Checks.MaxUser)]
    public string? User { get; init; }
}
