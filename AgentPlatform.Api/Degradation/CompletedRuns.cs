using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Degradation;

/// <summary>Labels a completed run that is not quite what the agent should have given.</summary>
internal static class CompletedRuns
{
    /// <summary>Null for the agent's own full answer, also when an executor that did not take the run was passed over first.</summary>
    public static Degraded? Degradation(RunOutcome run, TriedRung? reattach, bool interrupted)
    {
        // The session saw the run complete itself: nobody need tell it.
        bool? recorded = run.SessionId is null ? null : true;
        IReadOnlyList<TriedRung> tried = reattach is null ? [] : [reattach];
        if (run.Limit is not null)
        {
            return new Degraded(DegradationLevel.Partial, FailureReason.Limit, tried, recorded);
        }

        if (run.FallbackModel is not null)
        {
            return new Degraded(DegradationLevel.FallbackModel, FailureReason.ModelError, tried, recorded);
        }

        return interrupted
            ? new Degraded(DegradationLevel.Retried, FailureReason.ExecutorUnavailable, tried, recorded)
            : null;
    }
}
