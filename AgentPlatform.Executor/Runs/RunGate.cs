using System.Collections.Concurrent;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Leases;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Runs;

/// <summary>Decides whether this process takes one more run. A refusal is cheap and early, before memory grows.</summary>
internal sealed class RunGate(IOptions<RunOptions> options, ExecutorLease lease, ExecutorLifetime lifetime, AgentMetrics metrics)
{
    private readonly ConcurrentDictionary<Guid, byte> _hosted = new();
    private int _active;
    private volatile bool _draining;

    /// <summary>Cancelled when runs that are still open must be left to others.</summary>
    public CancellationToken Stopping => lifetime.Stopping;

    public int Active => Volatile.Read(ref _active);

    /// <summary>The code of the refusal, or null: the run was let in, and <see cref="Leave"/> must follow.</summary>
    public string? Enter(Guid runId)
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

        _hosted[runId] = 0;
        metrics.RunStarted();
        return null;
    }

    /// <summary>Somebody in this process is at work on the run.</summary>
    public bool Hosts(Guid runId) => _hosted.ContainsKey(runId);

    public void Leave(Guid runId)
    {
        _hosted.TryRemove(runId, out _);
        Interlocked.Decrement(ref _active);
        metrics.RunEnded();
    }

    public void Drain() => _draining = true;
}
