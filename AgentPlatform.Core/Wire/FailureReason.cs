namespace AgentPlatform.Core.Wire;

/// <summary>Why a run did not give its own, full answer: the <c>reason</c> of <c>degraded</c>.</summary>
public enum FailureReason
{
    Timeout,
    ModelError,
    ExecutorUnavailable,
    Overloaded,
    DatabaseUnavailable,
    Limit,
    OutcomeUnknown,
}
