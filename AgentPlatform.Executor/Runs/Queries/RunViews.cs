using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Paging;
using AgentPlatform.Executor.Storage;

namespace AgentPlatform.Executor.Runs.Queries;

/// <summary>What callers see of a run. Whatever its row does not say before the end comes from its events.</summary>
internal static class RunViews
{
    public static RunSummary Summary(RunEntity run, RunStatus status) => new()
    {
        RunId = run.RunId,
        Status = status,
        Agent = run.Agent,
        AgentVersion = run.AgentVersion,
        SessionId = run.SessionId,
        Turn = run.Turn,
        Question = run.Question,
        Answer = run.Answer,
        User = run.UserLabel,
        Metadata = LabelFilter.Read(run.Metadata),
        Background = run.Background,
        CreatedAt = run.CreatedAt,
        FinishedAt = run.FinishedAt,
    };

    public static RunView View(RunEntity run, IReadOnlyList<RunEvent> events)
    {
        var state = RunState.Fold(events);
        return new RunView
        {
            Run = Summary(run, state.Status),
            Iterations = state.Iterations,
            Model = state.LastReply?.Model ?? run.Model,
            Usage = state.Usage,
            Limit = (state.Ending as RunCompleted)?.Limit,
            Reason = RunOutcomes.ReasonOf(state),
            Message = RunOutcomes.MessageOf(state),
            Output = (state.Ending as RunCompleted)?.Output,
            Approvals = RunOutcomes.ApprovalsOf(state),
            Events = events,
        };
    }
}
