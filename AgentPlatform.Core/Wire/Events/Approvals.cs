using System.Text.Json.Serialization;

namespace AgentPlatform.Core.Wire.Events;

/// <summary>The run waits for a person's word on one call with exactly these arguments.</summary>
public sealed record ApprovalRequested : RunEvent
{
    /// <summary>The agent had seen results that anybody may have written.</summary>
    public const string UntrustedContent = "untrusted_content";

    public required string CallId { get; init; }

    public required string Tool { get; init; }

    public required string Arguments { get; init; }

    /// <summary>Why, where the agent's file does not ask for it: <see cref="UntrustedContent"/>. Null for a call that always waits.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cause { get; init; }

    /// <summary>When the agent's policy decides by itself; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A person, or the expiry policy, decided.</summary>
public sealed record ApprovalDecided : RunEvent
{
    public required string CallId { get; init; }

    public required bool Approved { get; init; }

    public string? Reason { get; init; }

    /// <summary>Who decided; null for the expiry policy.</summary>
    public string? By { get; init; }
}
