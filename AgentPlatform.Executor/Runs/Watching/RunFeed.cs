using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Executor.Runs.Watching;

/// <summary>
/// What watchers of one run may see: its durable events, and the pieces of the reply being written once everything before them is durable.
/// Written by the run's loop and by the model's stream, read by any number of watchers, each from its own position.
/// </summary>
internal sealed class RunFeed(TimeProvider clock)
{
    /// <summary>Pieces that come faster are sent together.</summary>
    private static readonly TimeSpan Coalesce = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private List<RunEvent> _events = [];
    private long _durable;
    private LiveReply? _reply;
    private ITimer? _flush;
    private long _flushedAt;
    private volatile bool _watched;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Somebody wants the reply in pieces.</summary>
    public bool IsWatched => _watched;

    public void Watch() => _watched = true;

    /// <summary>The journal's view replaces what is held here.</summary>
    public void Reset(IReadOnlyList<RunEvent> stored)
    {
        lock (_lock)
        {
            EndReply();
            _events = [.. stored];
            _durable = stored.Count > 0 ? stored[^1].Seq : 0;
            Signal();
        }
    }

    public void Staged(RunEvent next)
    {
        lock (_lock)
        {
            _events.Add(next);
        }
    }

    /// <summary>Everything up to <paramref name="seq"/> is in the journal.</summary>
    public void Durable(long seq)
    {
        lock (_lock)
        {
            _durable = Math.Max(_durable, seq);
            if (_reply is { } reply && reply.After < _durable)
            {
                EndReply();
            }

            Signal();
        }
    }

    /// <summary>A reply begins after the last staged event.</summary>
    public void BeginReply()
    {
        lock (_lock)
        {
            var writer = new FrameWriter();
            var passed = new List<RunFrame>();
            foreach (var known in _events)
            {
                writer.Write(known, new FrameId(long.MaxValue, 0), passed);
            }

            EndReply();
            _reply = new LiveReply(writer);
            _flush = clock.CreateTimer(_ => FlushLate(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The model said something.</summary>
    public ValueTask AddAsync(string piece)
    {
        lock (_lock)
        {
            if (_reply is { } reply)
            {
                var first = !reply.HasPending;
                reply.Add(JournalText.Clean(piece));
                var since = clock.GetElapsedTime(_flushedAt);
                if (since >= Coalesce)
                {
                    Flush(reply);
                }
                else if (first)
                {
                    _flush!.Change(Coalesce - since, Timeout.InfiniteTimeSpan);
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>What was said of this reply is void; another model tries.</summary>
    public void DiscardReply()
    {
        lock (_lock)
        {
            _reply?.Discard();
            Signal();
        }
    }

    /// <summary>The reply is complete, and its event about to be staged.</summary>
    public (IReadOnlyList<int>? Lengths, IReadOnlyList<DiscardedAttempt>? Discarded) Finish(string text)
    {
        lock (_lock)
        {
            _flush?.Dispose();
            _flush = null;
            var ended = _reply?.End(text) ?? (null, null);
            Signal();
            return ended;
        }
    }

    /// <summary>The run ends in the middle of a reply.</summary>
    /// <returns>What watchers were sent of it; null when nothing was.</returns>
    public IReadOnlyList<DiscardedAttempt>? Abandon()
    {
        lock (_lock)
        {
            _flush?.Dispose();
            _flush = null;
            var sent = _reply?.Abandon();
            Signal();
            return sent;
        }
    }

    /// <returns>At most <paramref name="limit"/> frames after the position, and a task that ends when there may be more.</returns>
    public (List<RunFrame> Frames, Task Changed) Read(FrameId after, int limit)
    {
        lock (_lock)
        {
            var writer = new FrameWriter();
            var frames = new List<RunFrame>();
            foreach (var known in _events)
            {
                if (known.Seq > _durable || frames.Count >= limit)
                {
                    break;
                }

                writer.Write(known, after, frames);
            }

            if (_reply is { } reply && reply.After <= _durable)
            {
                frames.AddRange(reply.Frames.Where(frame => frame.Id > after));
            }

            if (frames.Count > limit)
            {
                frames.RemoveRange(limit, frames.Count - limit);
            }

            return (frames, _changed.Task);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void FlushLate()
    {
        lock (_lock)
        {
            if (_reply is { } reply)
            {
                Flush(reply);
            }
        }
    }

    private void Flush(LiveReply reply)
    {
        reply.Flush();
        _flushedAt = clock.GetTimestamp();
        Signal();
    }

    private void EndReply()
    {
        _flush?.Dispose();
        _flush = null;
        _reply = null;
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }
}
