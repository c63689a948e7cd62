namespace AgentPlatform.Api.Quotas;

/// <summary>
/// The places that this process holds, of each tenant. Redis is told of each change within the lock, so that it hears of a release after whatever renewed the
/// place before: else a renewal that comes late would bring the place back.
/// </summary>
internal sealed class HeldPlaces(SharedQuotas shared)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<string>> _held = new(StringComparer.Ordinal);

    /// <summary>Of a place that Redis has given.</summary>
    public IDisposable Hold(string tenant, string place)
    {
        lock (_lock)
        {
            Of(tenant).Add(place);
            return new Held(this, tenant, place);
        }
    }

    /// <summary>Of a place that this process gives by itself.</summary>
    /// <param name="underWay">Here, with this one.</param>
    /// <returns>Null when there are so many here already.</returns>
    public IDisposable? TryHold(string tenant, string place, int most, out long underWay)
    {
        lock (_lock)
        {
            var places = Of(tenant);
            if (places.Count >= most)
            {
                underWay = places.Count;
                return null;
            }

            places.Add(place);
            underWay = places.Count;
            return new Held(this, tenant, place);
        }
    }

    /// <summary>Takes back what Redis may have given to nobody.</summary>
    public void Abandon(string tenant, string place)
    {
        lock (_lock)
        {
            shared.Release(tenant, place);
        }
    }

    public void Renew()
    {
        lock (_lock)
        {
            foreach (var (tenant, places) in _held)
            {
                shared.Renew(tenant, places);
            }
        }
    }

    private HashSet<string> Of(string tenant) => _held.TryGetValue(tenant, out var places) ? places : _held[tenant] = [];

    private void Release(string tenant, string place)
    {
        lock (_lock)
        {
            var places = _held[tenant];
            places.Remove(place);
            if (places.Count == 0)
            {
                _held.Remove(tenant);
            }

            shared.Release(tenant, place);
        }
    }

    private sealed class Held(HeldPlaces all, string tenant, string place) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                all.Release(tenant, place);
            }
        }
    }
}
