namespace AgentPlatform.Api.Idempotency;

/// <summary>A request that came with a key.</summary>
/// <param name="Tenant">Whose key it is.</param>
/// <param name="Route">What the key is a key of, besides the tenant.</param>
/// <param name="BodyHash">Of what was asked.</param>
internal sealed record KeyedRequest(string Tenant, string Route, string Key, string BodyHash)
{
    /// <summary>How long the caller may be kept altogether; null where nothing was promised.</summary>
    public TimeSpan? Within { get; init; }
}
