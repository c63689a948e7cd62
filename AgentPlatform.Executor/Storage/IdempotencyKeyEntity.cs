namespace AgentPlatform.Executor.Storage;

/// <summary>Row of <c>idempotency_keys</c>: which run a caller's key started and what was first answered.</summary>
internal sealed class IdempotencyKeyEntity
{
    public required string TenantId { get; set; }

    /// <summary>Keys are scoped by route, for example <c>POST /runs</c>.</summary>
    public required string Route { get; set; }
    public required string Key { get; set; }

    /// <summary>SHA-256 of the parsed body: the same key with another body is a conflict.</summary>
    public required byte[] BodyHash { get; set; }
    public Guid RunId { get; set; }

    /// <summary>HTTP status of the first delivered answer; null until one was delivered.</summary>
    public int? StatusCode { get; set; }

    /// <summary>Body of the first delivered answer, byte for byte: jsonb would reorder it.</summary>
    public string? Response { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}
