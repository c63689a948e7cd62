namespace AgentPlatform.Executor.Storage;

/// <summary>Row of <c>agent_versions</c>: a definition some run was started on, kept for as long as the run.</summary>
internal sealed class AgentVersionEntity
{
    /// <summary>Agents come from files that every tenant shares, so they belong to this one.</summary>
    public const string PlatformTenant = "platform";

    public required string TenantId { get; set; }
    public required string Agent { get; set; }

    /// <summary>Content hash of <see cref="Definition"/>.</summary>
    public required string Version { get; set; }

    /// <summary>jsonb object: the whole definition.</summary>
    public required string Definition { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}
