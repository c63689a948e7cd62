namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>A clock that moves when told, with timers that fire when told: so a test decides when a lease lapses and when it is renewed.</summary>
internal sealed class LeaseClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<Timer> _periodic = [];
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public void Move(TimeSpan time) => Interlocked.Add(ref _now, time.Ticks);

    /// <summary>Fires what comes back again and again, once.</summary>
    public void Tick()
    {
        Timer[] due;
        lock (_lock)
        {
            due = [.. _periodic];
        }

        Array.ForEach(due, timer => timer.Fire());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        if (period != Timeout.InfiniteTimeSpan)
        {
            lock (_lock)
            {
                _periodic.Add(timer);
            }
        }

        return timer;
    }

    private void Drop(Timer timer)
    {
        lock (_lock)
        {
            _periodic.Remove(timer);
        }
    }

    private sealed class Timer(LeaseClock clock, TimerCallback callback, object? state) : ITimer
    {
        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => clock.Drop(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
