namespace AgentPlatform.Executor.Runs;

/// <summary>Whose run it is.</summary>
/// <param name="Owner">The executor process that works on it.</param>
/// <param name="LeaseEpoch">Of the owner's lease when it took the run: a lease that lapsed since may have cost it the run.</param>
internal sealed record RunIdentity(string TenantId, Guid RunId, Guid Owner, long LeaseEpoch);
