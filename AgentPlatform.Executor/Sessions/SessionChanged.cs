namespace AgentPlatform.Executor.Sessions;

/// <summary>Something stored of a session changed beside its writer, which forgets what it holds and reads it again.</summary>
internal delegate Task SessionChanged(string tenantId, string sessionId);
