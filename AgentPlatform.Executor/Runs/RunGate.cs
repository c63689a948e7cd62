using System.Collections.Concurrent;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Leases;
using AgentPlatform.Executor.Runs.Background;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Runs;

/// <summary>Decides whether this process takes one more run. A refusal is cheap and early, before memory grows.</summary>
internal sealed class RunGate(
    IOptions<RunOptions> options, BackgroundPlaces places, ExecutorLease lease, ExecutorLifetime lifetime, AgentMetrics metrics)
{
    private const string ShedHere = "executor";

    private readonly ConcurrentDictionary<Guid, RunRequest> _hosted = new();
    private int _active;
    private int _foreground;
    private volatile bool _draining;

    /// <summary>Cancelled when runs that are still open must be left to others.</summary>
    public CancellationToken Stopping => lifetime.Stopping;

    /// <summary>How long a foreground run goes on that nobody asks about.</summary>
    public TimeSpan UnwatchedFor => options.Value.UnwatchedFor;

    public int Active => Volatile.Read(ref _active);

    /// <summary>This process is stopping and takes no new runs.</summary>
    public bool IsDraining => _draining;

    /// <summary>Runs that keep this process from stopping: those that only wait for a place are left to others at once.</summary>
    public int AtWork => Active - places.Waiting;

    /// <summary>The code of the refusal, or null: the run was let in, and <see cref="Leave"/> must follow.</summary>
    /// <param name="joins">A conversation that is open here goes on here: its next message finds no other host.</param>
    public string? Enter(RunRequest request, bool joins)
    {
        // Counted before it is asked whether this process stops: a stop that begins now sees this run, or this run sees the stop.
        Interlocked.Increment(ref _active);
        if (Refusal(request, joins) is { } code)
        {
            Interlocked.Decrement(ref _active);
            return code;
        }

        if (!IsBackground(request))
        {
            Interlocked.Increment(ref _foreground);
        }

        _hosted[request.RunId] = request;
        metrics.RunStarted();
        return null;
    }

    /// <summary>Somebody in this process is at work on the run.</summary>
    public bool Hosts(Guid runId) => _hosted.ContainsKey(runId);

    public void Leave(RunRequest request)
    {
        _hosted.TryRemove(request.RunId, out _);
        if (IsBackground(request))
        {
            places.Leave(request.TenantId);
        }
        else
        {
            Interlocked.Decrement(ref _foreground);
        }

        Interlocked.Decrement(ref _active);
        metrics.RunEnded();
    }

    public void Drain()
    {
        _draining = true;
        Interlocked.MemoryBarrier();
        places.Close();
    }

    private string? Refusal(RunRequest request, bool joins)
    {
        if (_draining && !joins)
        {
            return ProblemCodes.Draining;
        }

        // Without a lease nothing can be started that others would not take away: the database is not answering.
        if (!lease.IsValid)
        {
            return ProblemCodes.DatabaseUnavailable;
        }

        if (IsBackground(request) ? places.TryEnter(request.TenantId) : _foreground < options.Value.MaxConcurrent)
        {
            return null;
        }

        metrics.Shed(ShedHere);
        return ProblemCodes.Overloaded;
    }

    /// <summary>What was accepted before is taken up whatever the queue's bound says.</summary>
    private static bool IsBackground(RunRequest request) => request is { Background: true, Attach: false };
}
