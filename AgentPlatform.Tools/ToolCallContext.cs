namespace AgentPlatform.Tools;

/// <summary>
/// Of which run a call is part. A parameter of this type is filled by the platform; models do not see it.
/// </summary>
/// <param name="TenantId">Whose run it is.</param>
/// <param name="CallId">With the run id it makes the idempotency key <c>run_id:call_id</c>.</param>
/// <param name="Agent">Name of the agent that calls.</param>
/// <param name="SessionId">Null for a run without a session.</param>
public sealed record ToolCallContext(string TenantId, Guid RunId, string CallId, string Agent, string? SessionId)
{
    /// <summary>The same for each attempt of one call, also after a crash and in another process.</summary>
    public string IdempotencyKey => $"{RunId}:{CallId}";
}
