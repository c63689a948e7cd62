namespace AgentPlatform.Executor.Storage;

/// <summary>Row of <c>tool_pins</c>: what a remote server says about one of its tools, as it was accepted, and what it says instead by now.</summary>
internal sealed class ToolPinEntity
{
    /// <summary>Servers belong to the platform, like agents: <see cref="AgentVersionEntity.PlatformTenant"/>.</summary>
    public required string TenantId { get; set; }

    /// <summary>As models see it: <c>server__tool</c>.</summary>
    public required string Tool { get; set; }

    /// <summary>Content hash of <see cref="Definition"/>.</summary>
    public required string Hash { get; set; }

    /// <summary>The effect it had when it was last seen with this hash.</summary>
    public required string Effect { get; set; }

    /// <summary>jsonb object: description and schema.</summary>
    public required string Definition { get; set; }

    public string? PendingHash { get; set; }
    public string? PendingEffect { get; set; }

    /// <summary>jsonb object: what waits for a person's word.</summary>
    public string? Pending { get; set; }

    /// <summary>Of the tool as it is accepted now: first seen, taken because it only reads, or a person's word.</summary>
    public DateTimeOffset AcceptedAt { get; set; }
}
