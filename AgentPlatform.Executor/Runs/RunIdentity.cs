namespace AgentPlatform.Executor.Runs;

/// <summary>Whose run it is.</summary>
/// <param name="Owner">The executor process that works on it.</param>
internal sealed record RunIdentity(string TenantId, Guid RunId, Guid Owner);
