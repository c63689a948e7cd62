using System.ComponentModel.DataAnnotations;
using AgentPlatform.Api.Input;

namespace AgentPlatform.Api.Sessions;

/// <summary>The body of <c>POST /sessions</c>; no body at all is fine. A null stands for a member left out.</summary>
internal sealed record NewSession
{
    public static BodyShape Shape { get; } = new(
        """{"session_id":"order-4711","metadata":{"team":"support"}}""",
        Optional: true,
        [
            new("session_id", BodyFieldKind.Text),
            new("user", BodyFieldKind.Text),
            new("metadata", BodyFieldKind.Labels),
        ]);

    /// <summary>The id it shall have; left out, one is made.</summary>
    [RegularExpression(Checks.SessionIdPattern)]
    public string? SessionId { get; init; }

    /// <summary>Your name for the person this conversation is with.</summary>
    [MinLength(1)]
    [MaxLength(Checks.MaxUser)]
    public string? User { get; init; }

    /// <summary>Labels kept with the session: at most 16, keys of 1 to 64 of <c>A-Z a-z 0-9 _ . -</c>, values up to 512 characters.</summary>
    public Dictionary<string, string>? Metadata { get; init; }
}
