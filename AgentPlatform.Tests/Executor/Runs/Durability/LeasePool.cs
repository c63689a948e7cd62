using System.Collections.Concurrent;
using AgentPlatform.Executor.Leases;
using AgentPlatform.Executor.Storage;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>Leases of processes, over and over: each is a row of a real database.</summary>
internal sealed class LeasePool(string connectionString) : IAsyncDisposable
{
    private readonly WriterDataSource _connections = new(connectionString, new StorageOptions());
    private readonly ConcurrentBag<PooledLease> _free = [];
    private readonly ConcurrentBag<PooledLease> _all = [];

    public async Task<PooledLease> RentAsync(CancellationToken cancellationToken)
    {
        if (_free.TryTake(out var lease))
        {
            return lease;
        }

        lease = await PooledLease.StartAsync(new LeaseRow(_connections), cancellationToken);
        _all.Add(lease);
        return lease;
    }

    /// <summary>It must be valid.</summary>
    public void Return(PooledLease lease) => _free.Add(lease);

    public async ValueTask DisposeAsync()
    {
        foreach (var lease in _all)
        {
            await lease.DisposeAsync();
        }

        await _connections.DisposeAsync();
    }
}
