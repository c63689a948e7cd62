using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Executor.Runs.Explaining;

/// <summary>What a moment of a run was spent on.</summary>
internal enum Spending
{
    Overhead,
    Queue,
    Model,
    Tools,
    Approval,
    Recovery,
}

/// <summary>Judges one stretch of a run between two events.</summary>
internal static class SpendingOf
{
    /// <param name="stretch">One event, or results that stand together.</param>
    /// <param name="before">The run before it.</param>
    /// <param name="waits">It is still in a queue.</param>
    public static (Spending On, TimeSpan Time) Stretch(
        List<RunEvent> stretch, RunState before, bool waits, DateTimeOffset from, DateTimeOffset to)
    {
        var whole = to - from;
        return stretch[0] switch
        {
            _ when waits => (Spending.Queue, whole),
            RunResumed { FromWait: false, FromQueue: false } => (Spending.Recovery, whole),
            _ when before.Status == RunStatus.AwaitingApproval => (Spending.Approval, whole),

            // The models that failed before the one that answered left no event.
            ModelReplied { FallbackModel: null } reply => (Spending.Model, Least(whole, Ms(reply.DurationMs))),
            ModelReplied => (Spending.Model, whole),
            ToolReturned => (Spending.Tools, Covered(stretch.Cast<ToolReturned>(), before, from, to)),
            RunFailed { Reason: FailureReason.ModelError } => (Spending.Model, whole),
            RunFailed or RunTimedOut or RunCancelled => (Tail(before, waits: false), whole),
            _ => (Spending.Overhead, whole),
        };
    }

    /// <summary>What a run that has not ended is waiting for.</summary>
    public static Spending Tail(RunState state, bool waits)
    {
        if (waits)
        {
            return Spending.Queue;
        }

        if (state.Status == RunStatus.AwaitingApproval)
        {
            return Spending.Approval;
        }

        if (state.PendingCalls.Any())
        {
            return state.PendingCalls.Any(call => call.Effect is not null) ? Spending.Tools : Spending.Overhead;
        }

        return state.LastReply is null or { ToolCalls.Count: > 0 } ? Spending.Model : Spending.Overhead;
    }

    /// <summary>The time at least one of the calls was at work.</summary>
    private static TimeSpan Covered(IEnumerable<ToolReturned> results, RunState before, DateTimeOffset from, DateTimeOffset to)
    {
        var covered = TimeSpan.Zero;
        var cursor = from;
        foreach (var (begin, end) in results.Select(result => Interval(result, before, from)).OrderBy(interval => interval.Begin))
        {
            var (left, right) = (begin > cursor ? begin : cursor, end < to ? end : to);
            if (right > left)
            {
                covered += right - left;
                cursor = right;
            }
        }

        return covered;
    }

    /// <summary>A call that was cut off was at work until then.</summary>
    private static (DateTimeOffset Begin, DateTimeOffset End) Interval(ToolReturned result, RunState before, DateTimeOffset from)
    {
        var cutOff = result is { Synthetic: true, Error: ToolErrorKind.Interrupted }
            && before.Calls.Any(call => call.Call.CallId == result.CallId && call is { Effect: not null, Interrupted: false });
        return (cutOff ? from : result.At - Ms(result.DurationMs), result.At);
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Ms(long milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
