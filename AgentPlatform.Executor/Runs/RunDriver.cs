using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Journal;
using AgentPlatform.Executor.Leases;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.ServiceDefaults.Telemetry;
using Npgsql;

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
    DrivenRuns driven,
    ExecutorLease lease,
    ExecutorLifetime lifetime,
    AgentMetrics metrics,
    TimeProvider clock,
    ILogger<RunDriver> logger)
{
    private static readonly TimeSpan ClaimPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Starts the run and stays with it. Another writer of the same id is found by the journal and followed.</summary>
    /// <exception cref="RunLostException">The turn of the session is taken by another run.</exception>
    public async Task<RunOutcome> StartAsync(RunTicket ticket, CancellationToken stopping)
    {
        var run = NewRun(ticket);
        run.Stage(StartOf(ticket));
        return await DriveAsync(run, stopping);
    }

    /// <summary>Records a cached answer as a run of its own, so that it is a turn of the conversation: one append.</summary>
    public async Task<RunOutcome> RecordHitAsync(RunTicket ticket, RunCompleted answer, CancellationToken stopping)
    {
        var run = NewRun(ticket);
        run.Stage(StartOf(ticket));
        run.Stage(answer);
        return await DriveAsync(run, stopping);
    }

    /// <summary>The run as the journal knows it: its outcome, or taken over and finished; null when it never started.</summary>
    /// <param name="historyOf">The earlier turns the run began with.</param>
    public async Task<RunOutcome?> FindAsync(
        string tenantId, Guid runId, Func<RunStarted, IReadOnlyList<ConversationTurn>> historyOf, CancellationToken stopping)
    {
        var stored = await journal.LoadAsync(tenantId, runId, stopping);
        return stored is null ? null : await AdoptAsync(tenantId, runId, stored, historyOf((RunStarted)stored.Events[0]), stopping);
    }

    private RunIdentity Identity(string tenantId, Guid runId) => new(tenantId, runId, lease.Id, lease.Epoch);

    private LiveRun NewRun(RunTicket ticket) => new(
        Identity(ticket.Request.TenantId, ticket.Request.RunId),
        rules.For(ticket.Agent),
        ticket.History,
        journal,
        clock,
        lifetime.Stopping);

    private async Task<RunOutcome> DriveAsync(LiveRun run, CancellationToken stopping)
    {
        using var trace = RunTrace.Enter(run, logger);
        using var wallClock = new CancellationTokenSource(run.Remaining, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(wallClock.Token, stopping);
        try
        {
            await WorkAsync(run, either.Token, stopping);

            trace.Ended(run.State);
            return RunOutcomes.Of(run);
        }
        catch (RunLostException lost)
        {
            LogLost(logger, run.Identity.RunId, lost.Result);
            if (await journal.LoadAsync(run.Identity.TenantId, run.Identity.RunId, stopping) is not { } stored)
            {
                // Not the run but its place in the session is taken: the host knows what to do about that.
                throw;
            }

            return await AdoptAsync(run.Identity.TenantId, run.Identity.RunId, stored, run.History, stopping);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return await EndBrokenAsync(run, exception, stopping);
        }
    }

    private async Task WorkAsync(LiveRun run, CancellationToken cutOrStopping, CancellationToken stopping)
    {
        using var work = driven.Begin(run.Identity);
        try
        {
            await loop.RunAsync(run, cutOrStopping);
            if (run.State.Status == RunStatus.AwaitingApproval)
            {
                await ParkAsync(run.Identity.TenantId, run.Identity.RunId, run.Epoch, stopping);
            }
        }
        catch (OperationCanceledException) when (cutOrStopping.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            AgentLoop.CutShort(run, EndOfCut());
            await run.CommitAsync();
        }
    }

    /// <summary>The wait itself is in the journal; marking the row only saves others a look, so it may fail.</summary>
    private async Task ParkAsync(string tenantId, Guid runId, long epoch, CancellationToken stopping)
    {
        try
        {
            await claims.ParkAsync(tenantId, runId, epoch, stopping);
        }
        catch (NpgsqlException exception)
        {
            LogNotParked(logger, exception, runId);
        }
    }

    /// <summary>
    /// Ends a run that a mistake of ours broke, from what the journal really holds: events that were staged when it broke may
    /// never have been stored.
    /// </summary>
    private async Task<RunOutcome> EndBrokenAsync(LiveRun broken, Exception exception, CancellationToken stopping)
    {
        LogBroken(logger, exception, broken.Identity.RunId);
        await broken.SettledAsync();
        var stored = await journal.LoadAsync(broken.Identity.TenantId, broken.Identity.RunId, stopping);
        if (stored is null)
        {
            // It never began: whatever was staged is not told.
            var never = new LiveRun(broken.Identity, broken.Rules, broken.History, journal, clock, lifetime.Stopping);
            never.Stage(broken.State.Started!);
            never.Stage(Broken());
            return RunOutcomes.Of(never);
        }

        var run = new LiveRun(broken.Identity, broken.Rules, broken.History, journal, clock, lifetime.Stopping, stored with { Epoch = broken.Epoch });
        AgentLoop.CutShort(run, Broken());
        await run.CommitAsync();
        return RunOutcomes.Of(run);

        static RunFailed Broken() => new()
        {
            Reason = FailureReason.ExecutorUnavailable,
            Message = "The run could not go on because of an error of the platform.",
        };
    }

    /// <summary>
    /// Follows a run that stands in the journal until it has ended, here or elsewhere: it is taken over as soon as its
    /// owner is this process, or is known to be gone.
    /// </summary>
    private async Task<RunOutcome> AdoptAsync(
        string tenantId, Guid runId, StoredRun stored, IReadOnlyList<ConversationTurn> history, CancellationToken stopping)
    {
        var started = (RunStarted)stored.Events[0];
        var agent = await rules.VersionAsync(started.Agent, started.AgentVersion, stopping);
        while (true)
        {
            var run = new LiveRun(Identity(tenantId, runId), agent, history, journal, clock, lifetime.Stopping, stored);
            if (run.State.Status == RunStatus.AwaitingApproval)
            {
                await ParkAsync(tenantId, runId, stored.Epoch, stopping);
                return RunOutcomes.Of(run);
            }

            if (run.State.Ending is not null)
            {
                return RunOutcomes.Of(run);
            }

            if (driven.WorkOn(tenantId, runId) is { } here)
            {
                await here.WaitAsync(stopping);
            }
            else if (await claims.TryClaimAsync(tenantId, runId, stored.Epoch, stopping) is { } claim)
            {
                stored = await journal.LoadAsync(tenantId, runId, stopping) ?? stored;
                run = new LiveRun(run.Identity, agent, history, journal, clock, lifetime.Stopping, stored with { Epoch = claim.Epoch });
                if (run.State.Ending is null)
                {
                    LogResumed(logger, runId, claim.Epoch);
                    if (claim.LostFor is { } lost)
                    {
                        metrics.Recovered(lost);
                    }

                    run.Stage(new RunResumed { Epoch = claim.Epoch, Executor = lease.Id.ToString() });
                    if (RunRulesCatalogue.IsMissing(agent))
                    {
                        AgentLoop.CutShort(run, MissingVersion(started));
                    }

                    return await DriveAsync(run, stopping);
                }
            }
            else
            {
                await Task.Delay(ClaimPause, clock, stopping);
            }

            stored = await journal.LoadAsync(tenantId, runId, stopping) ?? stored;
        }
    }

    private RunEvent EndOfCut() => lease.IsValid
        ? new RunTimedOut()
        : new RunFailed { Reason = FailureReason.DatabaseUnavailable, Message = "The database did not take the run's steps in time." };

    private static RunFailed MissingVersion(RunStarted started) => new()
    {
        Reason = FailureReason.ExecutorUnavailable,
        Message = $"The version of agent '{started.Agent}' that the run began with is not known any more.",
    };

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

    [LoggerMessage(EventId = 4, EventName = "run_not_parked", Level = LogLevel.Warning, Message = "Run {RunId} waits for a person; its row does not say so yet")]
    private static partial void LogNotParked(ILogger logger, Exception exception, Guid runId);

    [LoggerMessage(EventId = 3, EventName = "run_broken", Level = LogLevel.Error, Message = "Run {RunId} broke and is ended")]
    private static partial void LogBroken(ILogger logger, Exception exception, Guid runId);
}
