using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Agents;

namespace AgentPlatform.Executor.Runs.Explaining;

/// <summary>Tells of a run where its time, tokens and money went, and why: a pure function of its events, its agent and the time.</summary>
internal static class RunExplainer
{
    /// <param name="events">The journal; what cannot be folded any more is left out.</param>
    /// <param name="degraded">Level of the ladder whose answer the person got.</param>
    /// <param name="agent">The version the run began with; null when it is not known any more.</param>
    /// <param name="now">The end of a run that goes on.</param>
    public static RunExplanation Explain(Guid runId, IReadOnlyList<RunEvent> events, string? degraded, AgentDefinition? agent, DateTimeOffset now)
    {
        var state = FoldedRun.Of(events).State;
        var whole = events.Take((int)state.LastSeq).ToList();
        var spent = TimeSpent.Of(whole, state, now);
        var started = state.Started!;
        return new RunExplanation
        {
            RunId = runId,
            Status = state.Status,
            Agent = started.Agent,
            AgentVersion = started.AgentVersion,
            TotalMs = spent.TotalMs,
            Parts = spent.Parts,
            Steps = RunSteps.Of(whole, state),
            Usage = state.Usage,
            Limits = RunLimits.Of(state, agent?.Limits, spent),
            Cache = CacheWords.Of(state, agent?.Cache, degraded),
            Degraded = degraded,
            Reason = RunOutcomes.ReasonOf(state),
            Message = RunOutcomes.MessageOf(state),
            Executors = [
                new Holding(started.Executor, Epoch: 1, started.At),
                .. whole.OfType<RunResumed>().Select(resumed => new Holding(resumed.Executor, resumed.Epoch, resumed.At))],
        };
    }
}
