namespace AgentPlatform.Core.Wire;

/// <summary>Names on the wire between the API and the executor.</summary>
public static class InternalWire
{
    /// <summary>The tenant of the caller, decided by the API from the principal; on every request to the executor.</summary>
    public const string TenantHeader = "x-agent-tenant";

    /// <summary>The caller's name, percent-encoded: who is said to have done what is audited.</summary>
    public const string ActorHeader = "x-agent-actor";

    /// <summary>The internal key; on every request to the executor where one is configured.</summary>
    public const string KeyHeader = "x-agent-internal-key";

    /// <summary>Content type of a stream of <see cref="RunFrame"/> lines.</summary>
    public const string FramesContentType = "application/jsonl";

    /// <summary>Tenant of every caller while no identity is configured.</summary>
    public const string LocalTenant = "local";
}

/// <summary>Stable words in <c>code</c> of a problem: clients branch on these, never on the sentence.</summary>
public static class ProblemCodes
{
    public const string InvalidRequest = "invalid_request";
    public const string Unauthenticated = "unauthenticated";
    public const string Forbidden = "forbidden";
    public const string KeyNotFound = "key_not_found";
    public const string AgentNotFound = "agent_not_found";
    public const string RunNotFound = "run_not_found";
    public const string SessionNotFound = "session_not_found";
    public const string SessionExists = "session_exists";
    public const string SessionBusy = "session_busy";
    public const string TenantBusy = "tenant_busy";
    public const string SessionMovedOn = "session_moved_on";
    public const string TurnOpen = "turn_open";
    public const string RunCancelled = "run_cancelled";
    public const string UnsupportedParameter = "unsupported_parameter";
    public const string ApprovalRequired = "approval_required";
    public const string ReplyDiscarded = "reply_discarded";
    public const string CallNotFound = "call_not_found";
    public const string ApprovalDecided = "approval_decided";
    public const string ApprovalMismatch = "approval_mismatch";
    public const string RunEnded = "run_ended";
    public const string OutcomeKnown = "outcome_known";
    public const string ToolNotFound = "tool_not_found";
    public const string ToolNotPending = "tool_not_pending";
    public const string IdempotencyConflict = "idempotency_conflict";
    public const string StateStale = "state_stale";
    public const string BodyTooLarge = "body_too_large";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string BudgetExceeded = "budget_exceeded";
    public const string RateLimited = "rate_limited";
    public const string QuotaUnavailable = "quota_unavailable";
    public const string Overloaded = "overloaded";
    public const string Draining = "draining";
    public const string DatabaseUnavailable = "database_unavailable";
    public const string ExecutorUnavailable = "executor_unavailable";
    public const string CacheUnavailable = "cache_unavailable";
    public const string NotCached = "not_cached";
    public const string Timeout = "timeout";
    public const string ModelError = "model_error";
    public const string Limit = "limit";
    public const string OutcomeUnknown = "outcome_unknown";
    public const string OriginNotAllowed = "origin_not_allowed";
    public const string NotFound = "not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string InternalError = "internal_error";
}
