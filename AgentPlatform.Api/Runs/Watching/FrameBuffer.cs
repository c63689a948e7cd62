using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Api.Runs.Watching;

/// <summary>
/// What was heard of one run, in order: written by one, read by many, each at its own pace. Beyond its bound it forgets the oldest frames, and a reader
/// that still needs them is told that it is behind.
/// </summary>
internal sealed class FrameBuffer(long bound)
{
    private const int BatchSize = 128;
    private const int FrameOverhead = 200;

    private readonly Lock _gate = new();
    private readonly List<RunFrame> _frames = [];
    private readonly FrameCheck _check = new();
    private long _size;
    private FrameId _forgotten;
    private RunOutcome? _waiting;
    private FrameId _waitingAt;
    private RunReply? _end;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where the stream stands.</summary>
    public FrameId Last
    {
        get
        {
            lock (_gate)
            {
                return _frames.Count > 0 ? _frames[^1].Id!.Value : _forgotten;
            }
        }
    }

    /// <summary>The stream broke off without an outcome: whoever comes now had better ask anew.</summary>
    public bool HasFailed
    {
        get
        {
            lock (_gate)
            {
                return _end is not (null or RunReply.Outcome);
            }
        }
    }

    public void Add(RunFrame frame)
    {
        lock (_gate)
        {
            if (!_check.Next(frame) && frame.Event is RunResumed)
            {
                Withdraw(_check.Shown, _check.Stored);
            }

            _frames.Add(frame);
            _size += SizeOf(frame);
            Forget();
            Signal();
        }
    }

    /// <summary>Here the run waits for a person: those who read until then read no further.</summary>
    public void Wait(RunOutcome outcome)
    {
        lock (_gate)
        {
            (_waiting, _waitingAt) = (outcome, _frames.Count > 0 ? _frames[^1].Id!.Value : _forgotten);
            Signal();
        }
    }

    public void End(RunReply reply)
    {
        lock (_gate)
        {
            _end = reply;
            Signal();
        }
    }

    /// <summary>The next frames beyond a position, or what there is to know when there are none.</summary>
    /// <param name="untilWaiting">Only as far as the run waits for a person.</param>
    public Reading Read(FrameId after, bool untilWaiting)
    {
        lock (_gate)
        {
            var waiting = untilWaiting ? _waiting : null;
            var from = IndexBeyond(after);
            var to = waiting is null ? _frames.Count : Math.Max(from, IndexBeyond(_waitingAt));
            return new Reading(
                _frames.GetRange(from, Math.Min(BatchSize, to - from)), after < _forgotten, waiting, _end, _changed.Task);
        }
    }

    /// <summary>Pieces that were lost with their executor: those who read them have, and those who come now read what the journal has.</summary>
    private void Withdraw(int shown, IReadOnlyList<RunFrame> stored)
    {
        for (var i = _frames.Count - 1; i >= 0 && shown > 0; i--, shown--)
        {
            if (!stored.Contains(_frames[i]))
            {
                _size -= SizeOf(_frames[i]);
                _frames.RemoveAt(i);
            }
        }
    }

    private int IndexBeyond(FrameId after)
    {
        var (low, high) = (0, _frames.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _frames[middle].Id!.Value > after ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private void Forget()
    {
        if (_size <= bound)
        {
            return;
        }

        // A quarter at once, so that a long run does not move the list for every frame. The newest always stays.
        var count = 0;
        while (_size > bound * 3 / 4 && count < _frames.Count - 1)
        {
            _size -= SizeOf(_frames[count]);
            _forgotten = _frames[count].Id!.Value;
            count++;
        }

        _frames.RemoveRange(0, count);
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static long SizeOf(RunFrame frame) => FrameOverhead + (sizeof(char) * (long)(frame switch
    {
        { Delta: { } delta } => delta.Text.Length,
        { Event: ModelReplied reply } => reply.Text.Length + reply.ToolCalls.Sum(call => call.Arguments.Length),
        { Event: ToolReturned returned } => returned.Result.Length,
        { Event: RunStarted started } => started.Question.Length + (started.Summary?.Length ?? 0),
        { Event: ApprovalRequested asked } => asked.Arguments.Length,
        { Event: RunCompleted completed } => completed.Answer.Length,
        _ => 0,
    }));

    /// <param name="Frames">The next frames; empty when there are none yet.</param>
    /// <param name="IsBehind">Some of what lies between is forgotten.</param>
    /// <param name="Waiting">How the run stands where it waits for a person.</param>
    /// <param name="End">How the stream ended.</param>
    /// <param name="Changed">Done as soon as there is more to read than this.</param>
    internal readonly record struct Reading(
        IReadOnlyList<RunFrame> Frames, bool IsBehind, RunOutcome? Waiting, RunReply? End, Task Changed);
}
