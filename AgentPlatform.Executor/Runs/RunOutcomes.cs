using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Executor.Runs;

/// <summary>A run as the API is told of it.</summary>
internal static class RunOutcomes
{
    public static RunOutcome Of(LiveRun run)
    {
        var state = run.State;
        var started = state.Started!;
        var completed = state.Ending as RunCompleted;
        var failed = state.Ending as RunFailed;
        return new RunOutcome
        {
            RunId = run.Identity.RunId,
            Status = state.Status,
            Agent = started.Agent,
            AgentVersion = started.AgentVersion,
            SessionId = started.SessionId,
            Answer = completed?.Answer,
            Output = completed?.Output,
            Iterations = completed?.Iterations ?? state.Iterations,
            Model = state.LastReply?.Model,
            FallbackModel = state.LastReply?.FallbackModel,
            Usage = state.Usage,
            Limit = completed?.Limit,
            Reason = failed?.Reason ?? (state.Ending is RunTimedOut ? FailureReason.Timeout : null),
            Message = failed?.Message ?? (state.Ending is RunTimedOut ? "The run did not finish within its time." : null),
            Partial = completed is null ? PartialOf(state) : [],
            Cache = CacheRule.Decide(state, run.Rules.Agent.Cache),
            Approvals = ApprovalsOf(state),
        };
    }

    private static List<PartialStep> PartialOf(RunState state) =>
        [.. state.Calls
            .Where(call => call.Result is { Error: null, Synthetic: false })
            .Select(call => new PartialStep(call.Call.Tool, call.Result!.Result))];

    private static List<PendingApproval> ApprovalsOf(RunState state) =>
        [.. state.Calls
            .Where(call => call is { Pending: true, ApprovalAsked: true, Approved: null })
            .Select(call => new PendingApproval(call.Call.CallId, call.Call.Tool, call.Call.Arguments))];
}
