using AgentPlatform.Executor.Leases;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>The real lease of a pretended process: valid until it is told to lapse, and again, under a later epoch, once renewed.</summary>
internal sealed class PooledLease : IAsyncDisposable
{
    private readonly LeaseOptions _options = new();
    private readonly LeaseClock _clock = new();
    private readonly LeaseRow _row;

    private PooledLease(LeaseRow row)
    {
        _row = row;
        Lease = new ExecutorLease(row, _clock, Options.Create(_options), NullLogger<ExecutorLease>.Instance);
    }

    public ExecutorLease Lease { get; }

    public static async Task<PooledLease> StartAsync(LeaseRow row, CancellationToken cancellationToken)
    {
        var lease = new PooledLease(row);
        await lease.Lease.StartAsync(cancellationToken);
        await lease.Lease.WaitUntilValidAsync(cancellationToken);
        return lease;
    }

    public void Lapse() => _clock.Move(_options.Duration);

    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (Lease.IsValid)
        {
            return;
        }

        var lapsed = Lease.Epoch;
        await _row.ReleaseAsync(Lease.Id, cancellationToken);
        _clock.Tick();
        await Lease.WaitUntilValidAsync(cancellationToken);
        Assert.True(Lease.Epoch > lapsed, "A lease that had lapsed is taken again under a later epoch.");
    }

    public async ValueTask DisposeAsync()
    {
        await Lease.StopAsync(CancellationToken.None);
        Lease.Dispose();
    }
}
