namespace AgentPlatform.Api.Quotas;

/// <summary>Callers' buckets in this process, for the time in which Redis is away.</summary>
internal sealed class LocalBuckets(TimeProvider timeProvider)
{
    /// <summary>Beyond so many callers those with a full bucket are forgotten; if there are none, all.</summary>
    private const int Most = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, string Caller), long> _fullAt = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _fullAt.Count;
            }
        }
    }

    public Counted Take(Quota quota, string tenant, string caller)
    {
        var now = timeProvider.GetTimestamp() / (timeProvider.TimestampFrequency / TimeSpan.MicrosecondsPerSecond);
        lock (_lock)
        {
            var full = Math.Max(now, _fullAt.GetValueOrDefault((tenant, caller), now));
            var over = full + quota.Interval - now - (quota.Burst * quota.Interval);
            if (over > 0)
            {
                return new Counted(QuotaKind.Requests, TimeSpan.FromMicroseconds(full - now), TimeSpan.FromMicroseconds(over), 0);
            }

            MakeRoom(now);
            _fullAt[(tenant, caller)] = full + quota.Interval;
            return new Counted(null, TimeSpan.FromMicroseconds(full + quota.Interval - now), TimeSpan.Zero, 0);
        }
    }

    private void MakeRoom(long now)
    {
        if (_fullAt.Count < Most)
        {
            return;
        }

        foreach (var caller in _fullAt.Where(caller => caller.Value <= now).Select(caller => caller.Key).ToList())
        {
            _fullAt.Remove(caller);
        }

        if (_fullAt.Count >= Most)
        {
            _fullAt.Clear();
        }
    }
}
