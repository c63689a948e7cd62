namespace AgentPlatform.Api.Quotas;

/// <summary>
/// What holds for one request. The bucket is kept as the one time at which it is full again (GCRA): each request puts it off by <see cref="Interval"/>,
/// and one that would put it off by more than <see cref="Burst"/> of them has to wait.
/// </summary>
/// <param name="Requests">Per period; 0: as many as one likes.</param>
/// <param name="Concurrent">Null: as many as one likes.</param>
internal sealed record Quota(int Requests, TimeSpan Period, int Burst, int? Concurrent)
{
    /// <summary>In which one request comes back; microseconds.</summary>
    public long Interval { get; } = Requests == 0 ? 0 : Math.Max(1, (long)Period.TotalMicroseconds / Requests);

    public static Quota? Of(QuotaLimits limits) => limits is { Requests: null, Concurrent: null }
        ? null
        : new Quota(limits.Requests ?? 0, limits.Period, limits.Burst ?? limits.Requests ?? 0, limits.Concurrent);

    /// <summary>Requests that may come now, when the bucket is full after <paramref name="ahead"/>.</summary>
    public long Remaining(TimeSpan ahead) => Math.Max(0, ((Burst * Interval) - (long)ahead.TotalMicroseconds) / Interval);
}
