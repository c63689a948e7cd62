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
        return new RunOutcome
        {
            RunId = run.Identity.RunId,
            Status = state.Status,
            Agent = started.Agent,
            AgentVersion = started.AgentVersion,
            SessionId = started.SessionId,
            Answer = completed?.Answer,
            Output = completed?.Output,
            HandedOver = completed?.HandedOver,
            FinishReason = state.LastReply?.FinishReason,
            Iterations = completed?.Iterations ?? state.Iterations,
            Model = state.LastReply?.Model,
            FallbackModel = state.Replies.Select(reply => reply.FallbackModel).LastOrDefault(name => name is not null),
            Usage = state.Usage,
            Limit = completed?.Limit,
            TakenOver = state.TakenOver,
            Untrusted = state.Untrusted,
            Reason = ReasonOf(state),
            Message = MessageOf(state),
            Partial = completed is null ? PartialOf(state) : [],
            Cache = CacheRule.Decide(state, run.Rules.Agent.Cache, run.Rules.IsShort),
            Approvals = ApprovalsOf(state),
        };
    }

    /// <summary>Why there is no answer; null for a run that has one, goes on, or was stopped.</summary>
    public static FailureReason? ReasonOf(RunState state) => state.Ending switch
    {
        RunFailed failed => failed.Reason,
        RunTimedOut => FailureReason.Timeout,
        _ => null,
    };

    /// <summary>The same as a sentence for people.</summary>
    public static string? MessageOf(RunState state) => state.Ending switch
    {
        RunFailed failed => failed.Message,
        RunTimedOut => "The run's time was up.",
        RunCancelled { Cause: RunCancelled.Unwatched } => "The run was stopped because nobody waited for it any more.",
        RunCancelled => "The run was stopped on request.",
        _ => null,
    };

    public static List<PendingApproval> ApprovalsOf(RunState state) =>
        [.. state.Calls
            .Where(call => call.Awaited)
            .Select(call => new PendingApproval(call.Call.CallId, call.Call.Tool, call.Call.Arguments, call.ApprovalCause))];

    private static List<PartialStep> PartialOf(RunState state) =>
        [.. state.Calls
            .Where(call => call.Result is { Error: null, Synthetic: false })
            .Select(call => new PartialStep(call.Call.Tool, call.Result!.Result))];
}
