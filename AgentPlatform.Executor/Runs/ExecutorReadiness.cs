using AgentPlatform.Executor.Leases;
using AgentPlatform.ServiceDefaults.Health;

namespace AgentPlatform.Executor.Runs;

/// <summary>Ready means: the schema is there, the silo is in the cluster, and the lease is held, so a run can be taken at once.</summary>
internal sealed class ExecutorReadiness(ExecutorLease lease, ReadinessGate gate) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lease.WaitUntilValidAsync(stoppingToken);
        gate.MarkReady();
    }
}
