using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Paging;
using AgentPlatform.Executor.Runs.Outcomes;
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

    public static RunView View(JournaledRun run, IReadOnlyList<ToolOutcome> outcomes)
    {
        var (state, broken) = FoldedRun.Of(run.Events);
        return new RunView
        {
            Run = Summary(run.Row, broken is null ? state.Status : RunStatusWords.Read(run.Row.Status)),
            Iterations = state.Iterations,
            Model = state.LastReply?.Model ?? run.Row.Model,
            Usage = state.Usage,
            Limit = (state.Ending as RunCompleted)?.Limit,
            Reason = RunOutcomes.ReasonOf(state),
            Message = RunOutcomes.MessageOf(state),
            Output = (state.Ending as RunCompleted)?.Output,
            Approvals = RunOutcomes.ApprovalsOf(state),
            Outcomes = [.. outcomes.Select(outcome => Outcome(outcome, state))],
            Told = run.Row.Told is { } told ? JsonElement.Parse(told) : null,
            Events = run.Events,
        };
    }

    private static RecordedOutcome Outcome(ToolOutcome outcome, RunState state) => new()
    {
        CallId = outcome.CallId,
        Tool = state.Calls.FirstOrDefault(call => call.Call.CallId == outcome.CallId)?.Call.Tool ?? "",
        Happened = outcome.Happened,
        Note = outcome.Note,
        By = outcome.By,
        At = outcome.At,
    };
}
