namespace AgentPlatform.ServiceDefaults.Logging;

/// <summary>
/// The event names that dashboards and alerts rely on: the <c>EventName</c> of the services' log messages, the <c>event</c> field of
/// the log lines.
/// </summary>
public static class LogEvents
{
    public const string AgentStart = "agent_start";
    public const string AgentSuccess = "agent_success";
    public const string AgentFailed = "agent_failed";
    public const string CacheHit = "cache_hit";
    public const string AgentTimeoutFallback = "agent_timeout_fallback";
    public const string AgentErrorFallback = "agent_error_fallback";
    public const string MaxIterationsReached = "max_iterations_reached";
    public const string SlowResponse = "slow_response";
}
