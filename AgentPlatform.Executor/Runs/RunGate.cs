using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Leases;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Runs;

/// <summary>Decides whether this process takes one more run. A refusal is cheap and early, before memory grows.</summary>
internal sealed class RunGate(IOptions<RunOptions> options, ExecutorLease lease, AgentMetrics metrics)
{
    private int _active;
    private volatile bool _draining;

    public int Active => Volatile.Read(ref _active);

    /// <summary>The code of the refusal, or null: the run was let in, and <see cref="Leave"/> must follow.</summary>
    public string? Enter()
    {
        if (_draining)
        {
            return ProblemCodes.Draining;
        }

        // Without a lease nothing can be started that others would not take away: the database is not answering.
        if (!lease.IsValid)
        {
            return ProblemCodes.DatabaseUnavailable;
        }

        if (Interlocked.Increment(ref _active) > options.Value.MaxConcurrent)
        {
            Interlocked.Decrement(ref _active);
            return ProblemCodes.Overloaded;
        }

        metrics.RunStarted();
        return null;
    }

    public void Leave()
    {
        Interlocked.Decrement(ref _active);
        metrics.RunEnded();
    }

    public void Drain() => _draining = true;
}
