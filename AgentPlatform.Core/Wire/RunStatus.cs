namespace AgentPlatform.Core.Wire;

/// <summary>Where a run stands. The last five are terminal: nothing is appended to the run after them.</summary>
public enum RunStatus
{
    Queued,
    Running,
    AwaitingApproval,
    Completed,
    Failed,
    TimedOut,
    Cancelled,
    OutcomeUnknown,
}

public static class RunStatuses
{
    public static bool IsTerminal(this RunStatus status) => status >= RunStatus.Completed;
}
