namespace AgentPlatform.Api.Agent;

/// <summary>A point in time by the monotonic clock.</summary>
internal readonly struct Deadline
{
    private readonly TimeProvider _timeProvider;
    private readonly long _from;
    private readonly TimeSpan _length;

    private Deadline(TimeProvider timeProvider, long from, TimeSpan length)
    {
        _timeProvider = timeProvider;
        _from = from;
        _length = length;
    }

    /// <summary>What is left; zero when it has passed.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var left = _length - _timeProvider.GetElapsedTime(_from);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public bool HasPassed => Remaining == TimeSpan.Zero;

    public static Deadline In(TimeSpan length, TimeProvider timeProvider) => new(timeProvider, timeProvider.GetTimestamp(), length);

    /// <summary>Beyond every run's time.</summary>
    public static Deadline Never(TimeProvider timeProvider) => In(TimeSpan.FromDays(3650), timeProvider);

    /// <summary>A deadline that much later, or earlier.</summary>
    public Deadline Plus(TimeSpan span) => new(_timeProvider, _from, _length + span);

    /// <summary>The earlier of this deadline and that long from now.</summary>
    public Deadline AtMost(TimeSpan fromNow) => Remaining <= fromNow ? this : In(fromNow, _timeProvider);
}
