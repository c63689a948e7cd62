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
        var replies = events.OfType<ModelReplied>().ToList();
        var results = events.OfType<ToolReturned>().Select(result => result.CallId).ToHashSet(StringComparer.Ordinal);
        var approvals = Awaited(events);
        var (reason, message) = Failure(events);
        return new RunView
        {
            Run = Summary(run, StatusOf(run, approvals)),
            Iterations = replies.Count(reply => reply.ToolCalls.Count > 0 && reply.ToolCalls.All(call => results.Contains(call.CallId))),
            Model = run.Model ?? replies.LastOrDefault()?.Model,
            Usage = replies.Aggregate(Usage.None, (sum, reply) => sum.Plus(reply.Usage)),
            Limit = events.OfType<RunCompleted>().SingleOrDefault()?.Limit,
            Reason = reason,
            Message = message,
            Output = events.OfType<RunCompleted>().SingleOrDefault()?.Output,
            Approvals = run.FinishedAt is null ? approvals : [],
            Events = events,
        };
    }

    private static RunStatus StatusOf(RunEntity run, List<PendingApproval> approvals) =>
        run.FinishedAt is null && approvals.Count > 0 ? RunStatus.AwaitingApproval : RunStatusWords.Read(run.Status);

    private static List<PendingApproval> Awaited(IReadOnlyList<RunEvent> events)
    {
        var decided = events.OfType<ApprovalDecided>().Select(decision => decision.CallId).ToHashSet(StringComparer.Ordinal);
        return [.. events.OfType<ApprovalRequested>()
            .Where(request => !decided.Contains(request.CallId))
            .Select(request => new PendingApproval(request.CallId, request.Tool, request.Arguments))];
    }

    private static (FailureReason? Reason, string? Message) Failure(IReadOnlyList<RunEvent> events) => (events is [.., var last] ? last : null) switch
    {
        RunFailed failed => (failed.Reason, failed.Message),
        RunTimedOut => (FailureReason.Timeout, "The run's time was up."),
        RunCancelled { Cause: "unwatched" } => (null, "The run was stopped because nobody waited for it any more."),
        RunCancelled => (null, "The run was stopped on request."),
        _ => (null, null),
    };
}
