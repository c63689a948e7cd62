using System.Collections.Immutable;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Executor.Runs;

/// <summary>
/// A run as the fold of its events. Nothing else is state: after a crash the events are read, folded, and the run goes on
/// from where <see cref="RunRules.Next"/> says.
/// </summary>
internal sealed record RunState
{
    public static RunState Empty { get; } = new();

    public RunStatus Status { get; private init; } = RunStatus.Queued;

    /// <summary>Sequence of the newest event; 0 before the first.</summary>
    public long LastSeq { get; private init; }

    public RunStarted? Started { get; private init; }

    /// <summary>What the model said, in order.</summary>
    public ImmutableArray<ModelReplied> Replies { get; private init; } = [];

    /// <summary>Every call of every reply, in the order the model wrote them.</summary>
    public ImmutableArray<CallState> Calls { get; private init; } = [];

    /// <summary>Sum over all replies.</summary>
    public Usage Usage { get; private init; } = Usage.None;

    /// <summary>Since when its wall clock stands still, in a queue or before a person; null while it goes.</summary>
    public DateTimeOffset? PausedSince { get; private init; }

    /// <summary>How long its wall clock stood still before <see cref="PausedSince"/>.</summary>
    public TimeSpan Paused { get; private init; }

    /// <summary>An executor was lost with the run at work, and another took it over.</summary>
    public bool TakenOver { get; private init; }

    /// <summary>Accepted, and work has not begun.</summary>
    public bool IsQueued => Status == RunStatus.Queued && Started is not null;

    /// <summary>It waits for a person, and has time to.</summary>
    public bool IsParked(DateTimeOffset now) => Status == RunStatus.AwaitingApproval && !Calls.Any(call => call.Awaited && call.ExpiresAt <= now);

    /// <summary>Results that anybody may have written are in the conversation: before this run, or by its own calls.</summary>
    public bool Untrusted { get; private init; }

    /// <summary>The event that ended the run; null while it goes on.</summary>
    public RunEvent? Ending { get; private init; }

    public ModelReplied? LastReply => Replies.IsEmpty ? null : Replies[^1];

    public IEnumerable<CallState> PendingCalls => Calls.Where(call => call.Pending);

    /// <summary>Finished tool rounds: replies whose calls all have results.</summary>
    public int Iterations => Replies.Count(reply => reply.ToolCalls.Count > 0 && reply.ToolCalls.All(HasResult));

    public static RunState Fold(IEnumerable<RunEvent> events) => events.Aggregate(Empty, (state, next) => state.Apply(next));

    /// <exception cref="InvalidOperationException">The event cannot follow this state: the journal is broken.</exception>
    public RunState Apply(RunEvent next)
    {
        if (next.Seq != LastSeq + 1)
        {
            throw new InvalidOperationException($"Event {next.Seq} cannot follow event {LastSeq}.");
        }

        if (Ending is not null)
        {
            throw new InvalidOperationException($"Event {next.Seq} follows the end of the run.");
        }

        return (next switch
        {
            RunStarted { Queued: true } queued => this with { Started = queued, Status = RunStatus.Queued, PausedSince = queued.At, Untrusted = queued.Untrusted },
            RunStarted started => this with { Started = started, Status = RunStatus.Running, Untrusted = started.Untrusted },
            ModelReplied reply => this with
            {
                Replies = Replies.Add(reply),
                Calls = Calls.AddRange(reply.ToolCalls.Select(call => new CallState(call))),
                Usage = Usage.Plus(reply.Usage),
            },
            ToolStarted started => WithCall(started.CallId, call => call with { Effect = started.Effect, Interrupted = false }),
            ToolReturned returned => WithCall(returned.CallId, call => call with { Result = returned, Interrupted = false }) with { Untrusted = Untrusted || returned.Untrusted },
            ApprovalRequested asked => WithCall(asked.CallId, call => call with { ApprovalAsked = true, ApprovalCause = asked.Cause, ExpiresAt = asked.ExpiresAt }) with
            {
                Status = RunStatus.AwaitingApproval,
                PausedSince = PausedSince ?? asked.At,
            },
            ApprovalDecided decided => WithDecision(decided),
            RunResumed { FromQueue: true } resumed => Unpaused(next.At) with { Status = RunStatus.Running, Untrusted = Untrusted || resumed.Untrusted },
            RunResumed resumed => this with
            {
                TakenOver = TakenOver || !resumed.FromWait,
                Untrusted = Untrusted || resumed.Untrusted,
                Calls = [.. Calls.Select(call => call with { Interrupted = call is { Pending: true, Effect: not null } })],
            },
            RunCompleted => this with { Status = RunStatus.Completed, Ending = next },
            RunFailed { Reason: FailureReason.OutcomeUnknown } => this with { Status = RunStatus.OutcomeUnknown, Ending = next },
            RunFailed => this with { Status = RunStatus.Failed, Ending = next },
            RunTimedOut => this with { Status = RunStatus.TimedOut, Ending = next },
            RunCancelled => this with { Status = RunStatus.Cancelled, Ending = next },
            _ => throw new InvalidOperationException($"Unknown event {next.GetType().Name}."),
        }) with
        { LastSeq = next.Seq };
    }

    private RunState WithDecision(ApprovalDecided decided)
    {
        var state = WithCall(decided.CallId, call => call with { Approved = decided.Approved });
        var waiting = state.Calls.Any(call => call.Awaited);
        return waiting ? state with { Status = RunStatus.AwaitingApproval } : state.Unpaused(decided.At) with { Status = RunStatus.Running };
    }

    /// <summary>How long the wall clock has stood still by then.</summary>
    public TimeSpan PausedUntil(DateTimeOffset now) => PausedSince is { } since && now > since ? Paused + (now - since) : Paused;

    private RunState Unpaused(DateTimeOffset at) => this with { Paused = PausedUntil(at), PausedSince = null };

    private RunState WithCall(string callId, Func<CallState, CallState> change)
    {
        for (var i = Calls.Length - 1; i >= 0; i--)
        {
            if (Calls[i].Call.CallId == callId)
            {
                return this with { Calls = Calls.SetItem(i, change(Calls[i])) };
            }
        }

        throw new InvalidOperationException($"No call {callId} in this run.");
    }

    private bool HasResult(ToolCall call) => Calls.Any(state => state.Call.CallId == call.CallId && !state.Pending);
}
