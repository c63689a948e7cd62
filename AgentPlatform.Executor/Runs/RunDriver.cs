using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Journal;
using AgentPlatform.Executor.Leases;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.ServiceDefaults.Telemetry;

namespace AgentPlatform.Executor.Runs;

/// <summary>
/// Takes a run from wherever it stands to its end, whatever happens on the way: starts it, or finds it in the journal
/// and takes it over from a process that is gone; keeps its wall clock; records how it ended.
/// </summary>
internal sealed partial class RunDriver(
    AgentLoop loop,
    RunRulesCatalogue rules,
    IRunJournal journal,
    RunClaims claims,
    ExecutorLease lease,
    ExecutorLifetime lifetime,
    AgentMetrics metrics,
    TimeProvider clock,
    ILogger<RunDriver> logger)
{
    private static readonly TimeSpan ClaimPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Starts the run and stays with it. Another writer of the same id is found by the journal and followed.</summary>
    /// <exception cref="RunLostException">The turn of the session is taken by another run.</exception>
    public async Task<RunOutcome> StartAsync(RunTicket ticket, CancellationToken cancel)
    {
        var run = NewRun(ticket);
        run.Stage(StartOf(ticket));
        return await DriveAsync(run, cancel);
    }

    /// <summary>Records a cached answer as a run of its own, so that it is a turn of the conversation: one append.</summary>
    public async Task<RunOutcome> RecordHitAsync(RunTicket ticket, RunCompleted answer, CancellationToken cancel)
    {
        var run = NewRun(ticket);
        run.Stage(StartOf(ticket));
        run.Stage(answer);
        using var trace = RunTrace.Enter(run, logger);
        await run.CommitAsync().WaitAsync(cancel);
        return RunOutcomes.Of(run);
    }

    /// <summary>The run as the journal knows it: its outcome, or taken over and finished; null when it never started.</summary>
    /// <param name="historyOf">The earlier turns the run began with.</param>
    public async Task<RunOutcome?> FindAsync(
        string tenantId, Guid runId, Func<RunStarted, IReadOnlyList<ConversationTurn>> historyOf, CancellationToken cancel)
    {
        var stored = await journal.LoadAsync(tenantId, runId, cancel);
        return stored is null ? null : await AdoptAsync(tenantId, runId, stored, historyOf((RunStarted)stored.Events[0]), cancel);
    }

    private LiveRun NewRun(RunTicket ticket) => new(
        new RunIdentity(ticket.Request.TenantId, ticket.Request.RunId, lease.Id),
        rules.For(ticket.Agent),
        ticket.History,
        journal,
        clock,
        lifetime.Stopping);

    private async Task<RunOutcome> DriveAsync(LiveRun run, CancellationToken cancel)
    {
        using var trace = RunTrace.Enter(run, logger);
        using var wallClock = new CancellationTokenSource(run.Remaining, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(wallClock.Token, cancel);
        try
        {
            try
            {
                await loop.RunAsync(run, either.Token);
            }
            catch (OperationCanceledException) when (either.IsCancellationRequested && !lifetime.Stopping.IsCancellationRequested)
            {
                AgentLoop.CutShort(run, EndOfCut(run, cancel));
                await run.CommitAsync();
            }

            trace.Ended(run.State);
            return RunOutcomes.Of(run);
        }
        catch (RunLostException lost)
        {
            LogLost(logger, run.Identity.RunId, lost.Result);
            if (await journal.LoadAsync(run.Identity.TenantId, run.Identity.RunId, cancel) is not { } stored)
            {
                // Not the run but its place in the session is taken: the host knows what to do about that.
                throw;
            }

            return await AdoptAsync(run.Identity.TenantId, run.Identity.RunId, stored, run.History, cancel);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return await EndBrokenAsync(run, exception, cancel);
        }
    }

    /// <summary>
    /// Ends a run that a mistake of ours broke, from what the journal really holds: events that were staged when it broke may
    /// never have been stored.
    /// </summary>
    private async Task<RunOutcome> EndBrokenAsync(LiveRun broken, Exception exception, CancellationToken cancel)
    {
        LogBroken(logger, exception, broken.Identity.RunId);
        var stored = await journal.LoadAsync(broken.Identity.TenantId, broken.Identity.RunId, cancel);
        if (stored is null)
        {
            AgentLoop.CutShort(broken, Broken());
            return RunOutcomes.Of(broken);
        }

        var run = new LiveRun(broken.Identity, broken.Rules, broken.History, journal, clock, lifetime.Stopping, stored with { Epoch = broken.Epoch });
        AgentLoop.CutShort(run, Broken());
        await run.CommitAsync();
        return RunOutcomes.Of(run);

        static RunFailed Broken() => new() { Reason = FailureReason.ModelError, Message = "The run could not go on because of an error of the platform." };
    }

    /// <summary>
    /// Follows a run that stands in the journal until it has ended, here or elsewhere: it is taken over as soon as its
    /// owner is this process, or is known to be gone.
    /// </summary>
    private async Task<RunOutcome> AdoptAsync(
        string tenantId, Guid runId, StoredRun stored, IReadOnlyList<ConversationTurn> history, CancellationToken cancel)
    {
        var started = (RunStarted)stored.Events[0];
        var agent = await rules.VersionAsync(started.Agent, started.AgentVersion, cancel);
        while (true)
        {
            var run = new LiveRun(new RunIdentity(tenantId, runId, lease.Id), agent, history, journal, clock, lifetime.Stopping, stored);
            if (run.State.Ending is not null || run.State.Status == RunStatus.AwaitingApproval)
            {
                return RunOutcomes.Of(run);
            }

            if (await claims.TryClaimAsync(tenantId, runId, stored.Epoch, cancel) is { } claim)
            {
                stored = await journal.LoadAsync(tenantId, runId, cancel) ?? stored;
                run = new LiveRun(run.Identity, agent, history, journal, clock, lifetime.Stopping, stored with { Epoch = claim.Epoch });
                if (run.State.Ending is null)
                {
                    LogResumed(logger, runId, claim.Epoch);
                    if (claim.LostFor is { } lost)
                    {
                        metrics.Recovered(lost);
                    }

                    run.Stage(new RunResumed { Epoch = claim.Epoch, Executor = lease.Id.ToString() });
                    return await DriveAsync(run, cancel);
                }
            }
            else
            {
                await Task.Delay(ClaimPause, clock, cancel);
            }

            stored = await journal.LoadAsync(tenantId, runId, cancel) ?? stored;
        }
    }

    private static RunEvent EndOfCut(LiveRun run, CancellationToken cancel) => cancel.IsCancellationRequested
        ? new RunCancelled { Cause = RunCancelled.Requested }
        : run.IsCommitting
            ? new RunFailed { Reason = FailureReason.DatabaseUnavailable, Message = "The database did not take the run's steps in time." }
            : new RunTimedOut();

    private RunStarted StartOf(RunTicket ticket)
    {
        var request = ticket.Request;
        var seconds = Math.Min(request.Timeout, ticket.Agent.Limits.MaxSeconds ?? double.MaxValue);
        return new RunStarted
        {
            Agent = ticket.Agent.Name,
            AgentVersion = ticket.Agent.Version,
            Question = JournalText.Clean(request.Question),
            SessionId = request.SessionId,
            Turn = ticket.Turn,
            HistoryFrom = ticket.History.Count > 0 ? ticket.History[0].Turn : null,
            TimeoutMs = (long)(seconds * 1000),
            Background = request.Background,
            User = request.User,
            Metadata = request.Metadata,
            Executor = lease.Id.ToString(),
            TraceParent = request.TraceParent,
        };
    }

    [LoggerMessage(EventId = 1, EventName = "run_lost", Level = LogLevel.Warning, Message = "Run {RunId} has another writer ({Result}): following the journal")]
    private static partial void LogLost(ILogger logger, Guid runId, AppendResult result);

    [LoggerMessage(EventId = 2, EventName = "run_resumed", Level = LogLevel.Information, Message = "Run {RunId} taken over in epoch {Epoch}")]
    private static partial void LogResumed(ILogger logger, Guid runId, long epoch);

    [LoggerMessage(EventId = 3, EventName = "run_broken", Level = LogLevel.Error, Message = "Run {RunId} broke and is ended")]
    private static partial void LogBroken(ILogger logger, Exception exception, Guid runId);
}
