using AgentPlatform.Executor.Leases;
using AgentPlatform.ServiceDefaults.Health;

namespace AgentPlatform.Executor.Runs;

/// <summary>
/// Ready means: the schema is there, the silo is in the cluster, the lease is held, and the way of a run has been walked, so a run can be
/// taken at once.
/// </summary>
internal sealed class ExecutorReadiness(ExecutorLease lease, Rehearsal rehearsal, ReadinessGate gate) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lease.WaitUntilValidAsync(stoppingToken);
        await rehearsal.UntilGoodAsync(stoppingToken);
        gate.MarkReady();
    }
}
