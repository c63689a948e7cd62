namespace AgentPlatform.Api.Quotas;

/// <summary>What the gate says of a request that a quota holds for.</summary>
/// <param name="Place">To be given back when the last byte is sent; null when the quota limits no concurrency, or refused.</param>
internal sealed record QuotaVerdict(Quota Quota, Counted Counted, IDisposable? Place);
