namespace AgentPlatform.AppHost.Local;

/// <summary>
/// How long to wait before a dead process is started again: a moment for the first five deaths within a minute, then 1, 2, 4 … 30 s until
/// a minute has passed with fewer.
/// </summary>
internal sealed class RestartPolicy(TimeProvider time)
{
    private const int QuickRestarts = 5;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private readonly Queue<long> _deaths = new();
    private int _backOff;

    /// <summary>Counts one death and says how long to wait now.</summary>
    public TimeSpan NextDelay()
    {
        while (_deaths.TryPeek(out var oldest) && time.GetElapsedTime(oldest) > Window)
        {
            _deaths.Dequeue();
        }

        _deaths.Enqueue(time.GetTimestamp());
        if (_deaths.Count <= QuickRestarts)
        {
            _backOff = 0;
            return Moment;
        }

        var delay = TimeSpan.FromSeconds(Math.Pow(2, _backOff++));
        return delay < Longest ? delay : Longest;
    }
}
