using System.Collections.Concurrent;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Runs.Background;

/// <summary>
/// How many background runs this executor works on, and how many may wait. Waiting costs nothing but memory, so it is bounded, also
/// per tenant; the queue itself stands in the journal.
/// </summary>
internal sealed class BackgroundPlaces(IOptions<BackgroundOptions> options, AgentMetrics metrics) : IDisposable
{
    private readonly SemaphoreSlim _places = new(options.Value.MaxConcurrent);
    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closed = new();
    private int _all;
    private int _waiting;

    /// <summary>Cancelled when nobody gets a place any more: those who wait are left to other executors.</summary>
    public CancellationToken Closed => _closed.Token;

    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Lets one more run in; <see cref="Leave"/> must follow.</summary>
    /// <returns>False when the queue of this executor, or the tenant's part of it, is full.</returns>
    public bool TryEnter(string tenantId)
    {
        if (Interlocked.Increment(ref _all) > options.Value.MaxOpen
            | _open.AddOrUpdate(tenantId, 1, static (_, open) => open + 1) > options.Value.MaxOpenPerTenant)
        {
            Leave(tenantId);
            return false;
        }

        return true;
    }

    public void Leave(string tenantId)
    {
        Interlocked.Decrement(ref _all);
        if (_open.AddOrUpdate(tenantId, 0, static (_, open) => open - 1) == 0)
        {
            _open.TryRemove(KeyValuePair.Create(tenantId, 0));
        }
    }

    /// <summary>Waits for a place; dispose of the result to give it back.</summary>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        metrics.QueueEntered();
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Closed);
            await _places.WaitAsync(either.Token);
            return new Place(_places);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
            metrics.QueueLeft();
        }
    }

    public void Close() => _closed.Cancel();

    public void Dispose()
    {
        _places.Dispose();
        _closed.Dispose();
    }

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
            {
                places.Release();
            }
        }
    }
}
