using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Problems;

namespace AgentPlatform.Executor.Tenants.Data;

/// <summary>What became of a removal: one of the two.</summary>
/// <param name="Refused">Why it did not come to its end.</param>
internal sealed record TenantRemovalResult(TenantRemoval? Removed, ExecutorProblem? Refused);
