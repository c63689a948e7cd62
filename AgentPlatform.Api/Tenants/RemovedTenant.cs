namespace AgentPlatform.Api.Tenants;

/// <summary>What was removed with a tenant.</summary>
/// <param name="Rows">Runs, conversations, keys and whatever else was kept of it.</param>
/// <param name="Answers">In the cache.</param>
internal sealed record RemovedTenant(long Rows, long Answers);
