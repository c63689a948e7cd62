using System.Diagnostics.CodeAnalysis;
using AgentPlatform.Core.Faults;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs.Watching;
using AgentPlatform.Executor.Sessions;

namespace AgentPlatform.Executor.Runs;

/// <summary>
/// One run as its host holds it: what was asked, what watchers see, and the ways to stop it. The host and the driver share it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Late callers may still ask about an ended run; once kept the source holds no timer and nothing to dispose of.")]
internal sealed class RunHandle(RunRequest request, TimeSpan unwatchedFor, TimeProvider clock)
{
    private readonly CancellationTokenSource _cut = new(Timeout.InfiniteTimeSpan, clock);
    private volatile bool _requested;
    private volatile bool _kept;

    public RunRequest Request => request;

    /// <summary>What is to go wrong with it; null for every run but a developer's.</summary>
    public ActiveFaults? Faults { get; } =
        request.Faults is { } text && FaultPlan.TryParse(text, out var plan, out _) ? new ActiveFaults(plan.Faults, FaultPoint.Model) : null;

    public RunFeed Feed { get; } = new(clock);

    /// <summary>Its turn, once it is known to stand in the journal; null without a session or before.</summary>
    public int? Turn { get; set; }

    /// <summary>A person's word that waits to be recorded.</summary>
    public PendingDecision? Decision { get; set; }

    /// <summary>Ends with the outcome or the refusal; never faults.</summary>
    public Task<RunNews> Done { get; set; } = Task.FromResult(RunNews.AtWork);

    /// <summary>Cancelled when the run must end: on request, or because nobody watches it any more.</summary>
    public CancellationToken Cut => _cut.Token;

    public bool IsCut => _cut.IsCancellationRequested;

    /// <summary>The event a run ends with that was cut.</summary>
    public RunCancelled Cancelled => new() { Cause = _requested ? RunCancelled.Requested : RunCancelled.Unwatched };

    public void RequestCancel()
    {
        _requested = true;
        _cut.Cancel();
    }

    /// <summary>Somebody asked about it just now.</summary>
    public void Seen()
    {
        if (!_kept && !request.Background)
        {
            _cut.CancelAfter(unwatchedFor);
        }
    }

    /// <summary>From now on it goes on whether anybody watches or not: it is a background run, or has waited for a person, or has ended.</summary>
    public void Keep()
    {
        _kept = true;
        if (!_cut.IsCancellationRequested)
        {
            _cut.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }
}

/// <summary>A decision on its way into the journal.</summary>
internal sealed record PendingDecision(string CallId, ApprovalDecision Decision);
