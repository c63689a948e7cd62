using System.Collections.Concurrent;

namespace AgentPlatform.Tests.Core.ChatModels;

/// <summary>A clock on which every pause is over at once, and noted. What lasts longer is no pause but a limit.</summary>
internal sealed class ImmediateTime : TimeProvider
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<TimeSpan> _pauses = new();

    public IReadOnlyCollection<TimeSpan> Pauses => _pauses;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan || dueTime > LongestPause)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        _pauses.Enqueue(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
