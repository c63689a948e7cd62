using AgentPlatform.Executor.Leases;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Postgres;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Tests.Executor.Leases;

/// <summary>The lease of one executor process, on a real database.</summary>
internal sealed class LeaseUnderTest : IAsyncDisposable
{
    private readonly WriterDataSource _connections;

    public LeaseUnderTest(string connectionString, TimeProvider? timeProvider = null)
    {
        _connections = new WriterDataSource(connectionString, new StorageOptions { ConnectTimeout = TimeSpan.FromSeconds(1) });
        Lease = new ExecutorLease(
            new LeaseRow(_connections),
            timeProvider ?? TimeProvider.System,
            Options.Create(Periods),
            Logs.For<ExecutorLease>());
        Claims = new RunClaims(_connections, Lease, Options.Create(Periods));
    }

    private static LeaseOptions Periods => new() { Duration = Duration, RenewEvery = TimeSpan.FromMilliseconds(200) };

    public static TimeSpan Duration { get; } = TimeSpan.FromSeconds(1);

    public TestLogs Logs { get; } = new();

    public ExecutorLease Lease { get; }

    public RunClaims Claims { get; }

    public static async Task<LeaseUnderTest> StartAsync(string connectionString, CancellationToken cancellationToken)
    {
        var executor = new LeaseUnderTest(connectionString);
        await executor.Lease.StartAsync(cancellationToken);
        await executor.Lease.WaitUntilValidAsync(cancellationToken);
        return executor;
    }

    /// <summary>As a kill: nothing is released.</summary>
    public async Task KillAsync()
    {
        await _connections.DisposeAsync();
        await Lease.StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Lease.StopAsync(CancellationToken.None);
        Lease.Dispose();
        await _connections.DisposeAsync();
    }
}
