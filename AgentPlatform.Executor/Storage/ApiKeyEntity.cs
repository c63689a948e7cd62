namespace AgentPlatform.Executor.Storage;

/// <summary>Row of <c>api_keys</c>: a key somebody holds. It goes only with its tenant, so that what was done with it can be traced.</summary>
internal sealed class ApiKeyEntity
{
    public required string TenantId { get; set; }
    public Guid KeyId { get; set; }
    public required string Name { get; set; }

    /// <summary>How the key begins, for people.</summary>
    public required string Shown { get; set; }

    /// <summary>SHA-256 of the key.</summary>
    public required byte[] Hash { get; set; }
    public required string[] Scopes { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
}
