namespace AgentPlatform.Core.Wire;

/// <summary>What was removed with a tenant.</summary>
/// <param name="Agents">The agents it had asked: their answers may be in the cache.</param>
public sealed record TenantRemoval(long Rows, IReadOnlyList<string> Agents);
