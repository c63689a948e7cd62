namespace AgentPlatform.Api.Agent;

/// <summary>A question of a known caller after validation: everything the run path needs, nothing of HTTP.</summary>
internal sealed record AgentQuestion
{
    /// <summary>Decided from the principal, never from the body.</summary>
    public required string TenantId { get; init; }

    public required string Question { get; init; }

    public string? SessionId { get; init; }

    /// <summary>Seconds, 0.1–600.</summary>
    public double Timeout { get; init; } = 30.0;

    public string Agent { get; init; } = "default";

    /// <summary>The caller wants a problem instead of a degraded answer.</summary>
    public bool Strict { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public string? User { get; init; }

    /// <summary>False for <c>Cache-Control: no-cache</c> or <c>no-store</c>.</summary>
    public bool CacheRead { get; init; } = true;

    /// <summary>False for <c>Cache-Control: no-store</c>.</summary>
    public bool CacheWrite { get; init; } = true;

    /// <summary><c>zh</c> or <c>en</c>, from <c>Accept-Language</c>: the language of the default text.</summary>
    public string Language { get; init; } = "en";
}
