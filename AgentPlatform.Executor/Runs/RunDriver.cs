using AgentPlatform.Core.Faults;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Budgets;
using AgentPlatform.Executor.Journal;
using AgentPlatform.Executor.Leases;
using AgentPlatform.Executor.Runs.Background;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.Executor.Sessions.Verification;
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
    BackgroundPlaces places,
    SessionRepair repair,
    RunBudgets budgets,
    ExecutorLease lease,
    ExecutorLifetime lifetime,
    AgentMetrics metrics,
    TimeProvider clock,
    ILogger<RunDriver> logger)
{
    private static readonly TimeSpan ClaimPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Starts the run and stays with it. Another writer of the same id is found by the journal and followed.</summary>
    /// <exception cref="RunLostException">The turn of the session is taken by another run.</exception>
    public async Task<RunOutcome> StartAsync(RunTicket ticket, RunHandle handle, CancellationToken stopping)
    {
        var run = NewRun(ticket, handle);
        run.Stage(StartOf(ticket, queued: false));
        return await DriveAsync(run, handle, stopping);
    }

    /// <summary>Records a cached answer as a run of its own, so that it is a turn of the conversation: one append.</summary>
    public async Task<RunOutcome> RecordHitAsync(RunTicket ticket, RunCompleted answer, RunHandle handle, CancellationToken stopping)
    {
        var run = NewRun(ticket, handle);
        run.Stage(StartOf(ticket, queued: false));
        run.Stage(answer);
        return await DriveAsync(run, handle, stopping);
    }

    /// <summary>Makes a background run durable; <see cref="BeginAsync"/> works on it.</summary>
    /// <exception cref="RunLostException">The turn of the session is taken by another run, or the run stands already.</exception>
    public async Task<LiveRun> AcceptAsync(RunTicket ticket, RunHandle handle, CancellationToken stopping)
    {
        var run = NewRun(ticket, handle);
        run.Stage(StartOf(ticket, queued: true));
        await run.CommitAsync().WaitAsync(stopping);
        return run;
    }

    /// <summary>Waits for a place among the background runs, then works on the run to its end.</summary>
    /// <param name="conversation">Earlier turns the model will see, oldest first.</param>
    public async Task<RunOutcome> BeginAsync(
        LiveRun run, IReadOnlyList<ConversationTurn> conversation, RunHandle handle, CancellationToken stopping)
    {
        try
        {
            using var place = await PlaceAsync(run, handle, stopping);
            run.Begin(conversation);
            run.Stage(new RunResumed { Epoch = run.Epoch, Executor = lease.Id.ToString(), FromQueue = true, Untrusted = conversation.Any(turn => turn.Untrusted) });
            await RowAsync(run.Identity.RunId, () => claims.BeginAsync(run.Identity.TenantId, run.Identity.RunId, run.Epoch, stopping));
            return await DriveAsync(run, handle, stopping);
        }
        catch (OperationCanceledException) when (handle.IsCut && !stopping.IsCancellationRequested)
        {
            return await DriveAsync(run, handle, stopping);
        }
    }

    /// <summary>The run as the journal holds it, or null when it never started.</summary>
    public async Task<RunState?> LookAsync(string tenantId, Guid runId, CancellationToken cancellationToken) =>
        await journal.LoadAsync(tenantId, runId, cancellationToken) is { } stored ? RunState.Fold(stored.Events) : null;

    /// <summary>The same for a caller who names a run: one that is hidden is as good as none.</summary>
    public async Task<RunState?> FindShownAsync(string tenantId, Guid runId, CancellationToken cancellationToken) =>
        await journal.LoadAsync(tenantId, runId, cancellationToken) is { Hidden: false } stored ? RunState.Fold(stored.Events) : null;

    /// <summary>The run as the journal knows it: its outcome, or taken over and finished; null when it never started.</summary>
    /// <param name="historyOf">The earlier turns the run sees.</param>
    public async Task<RunOutcome?> FindAsync(
        RunHandle handle, Func<RunStarted, IReadOnlyList<ConversationTurn>> historyOf, CancellationToken stopping)
    {
        var request = handle.Request;
        var stored = await journal.LoadAsync(request.TenantId, request.RunId, stopping);
        if (stored is null)
        {
            return null;
        }

        if (FoldedRun.Of(stored.Events) is { Broken: not null } && await repair.CloseBrokenAsync(request.TenantId, request.RunId, stopping) is { } broken)
        {
            // Nobody can go on with it, and nobody shall try for ever.
            LogClosed(logger, request.RunId, broken);
            throw new RunRefusedException(ProblemCodes.RunEnded);
        }

        return await AdoptAsync(handle, stored, historyOf((RunStarted)stored.Events[0]), stopping);
    }

    private RunIdentity Identity(string tenantId, Guid runId) => new(tenantId, runId, lease.Id, lease.Epoch);

    private async Task<IDisposable> PlaceAsync(LiveRun run, RunHandle handle, CancellationToken stopping)
    {
        using var work = driven.Begin(run.Identity);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(handle.Cut, stopping);
        try
        {
            return await places.TakeAsync(either.Token);
        }
        catch (OperationCanceledException) when (places.Closed.IsCancellationRequested && !either.IsCancellationRequested)
        {
            // This process stops: the run need not wait here for that.
            await RowAsync(run.Identity.RunId, () => claims.GiveUpAsync(run.Identity.TenantId, run.Identity.RunId, stopping));
            throw;
        }
    }

    private async Task<RunOutcome> DriveAsync(LiveRun run, RunHandle handle, CancellationToken stopping)
    {
        using var trace = RunTrace.Enter(run, logger);
        FaultScope.Enter(handle.Faults);
        using var wallClock = new CancellationTokenSource(run.Remaining, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(wallClock.Token, handle.Cut, stopping);
        try
        {
            await WorkAsync(run, handle, either.Token, stopping);
            if (run.State.Ending is not (null or RunCompleted { SourceRunId: not null }))
            {
                await budgets.SettleAsync(run.Identity, run.State.Started!.SessionId);
            }

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

            return await AdoptAsync(handle, stored, run.History, stopping);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return await EndBrokenAsync(run, handle, exception, stopping);
        }
    }

    private async Task WorkAsync(LiveRun run, RunHandle handle, CancellationToken cutOrStopping, CancellationToken stopping)
    {
        using var work = driven.Begin(run.Identity);
        try
        {
            cutOrStopping.ThrowIfCancellationRequested();
            await loop.RunAsync(run, cutOrStopping);
            if (run.State.Status == RunStatus.AwaitingApproval)
            {
                await ParkAsync(run, run.Epoch, stopping);
            }
        }
        catch (OperationCanceledException) when (cutOrStopping.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            AgentLoop.CutShort(run, handle.IsCut ? handle.Cancelled : EndOfCut());
            await run.CommitAsync();
        }
    }

    private Task ParkAsync(LiveRun run, long epoch, CancellationToken stopping)
    {
        var until = run.State.Calls.Where(call => call.Awaited).Min(call => call.ExpiresAt);
        return RowAsync(run.Identity.RunId, () => claims.ParkAsync(run.Identity.TenantId, run.Identity.RunId, epoch, until, stopping));
    }

    /// <summary>How a run stands is in the journal; marking its row only saves others a look, so it may fail.</summary>
    private async Task RowAsync(Guid runId, Func<Task> mark)
    {
        try
        {
            await mark();
        }
        catch (NpgsqlException exception)
        {
            LogNotMarked(logger, exception, runId);
        }
    }

    /// <summary>
    /// Ends a run that a mistake of ours broke, from what the journal really holds: events that were staged when it broke may
    /// never have been stored.
    /// </summary>
    private async Task<RunOutcome> EndBrokenAsync(LiveRun broken, RunHandle handle, Exception exception, CancellationToken stopping)
    {
        LogBroken(logger, exception, broken.Identity.RunId);
        await broken.SettledAsync();
        var stored = await journal.LoadAsync(broken.Identity.TenantId, broken.Identity.RunId, stopping);
        if (stored is null)
        {
            // It never began: whatever was staged is not told.
            broken.Feed.Reset([]);
            var never = new LiveRun(broken.Identity, broken.Rules, broken.History, journal, broken.Feed, clock, lifetime.Stopping);
            never.Stage(broken.State.Started!);
            never.Stage(Broken());
            return RunOutcomes.Of(never);
        }

        if (stored.Epoch != broken.Epoch)
        {
            // It broke after others had taken it over: it is theirs to end.
            return await AdoptAsync(handle, stored, broken.History, stopping);
        }

        broken.Feed.Reset(stored.Events);
        var run = new LiveRun(broken.Identity, broken.Rules, broken.History, journal, broken.Feed, clock, lifetime.Stopping, stored);
        AgentLoop.CutShort(run, Broken());
        try
        {
            await run.CommitAsync();
        }
        catch (RunLostException)
        {
            // They came between the look and the word.
            return await AdoptAsync(handle, await LoadAsync(handle, stopping), broken.History, stopping);
        }

        return RunOutcomes.Of(run);

        static RunFailed Broken() => new()
        {
            Reason = FailureReason.ExecutorUnavailable,
            Message = "The run could not go on because of an error of the platform.",
        };
    }

    private RunEvent EndOfCut() => lease.IsValid
        ? new RunTimedOut()
        : new RunFailed { Reason = FailureReason.DatabaseUnavailable, Message = "The database did not take the run's steps in time." };

    [LoggerMessage(EventId = 1, EventName = "run_lost", Level = LogLevel.Warning, Message = "Run {RunId} has another writer ({Result}): following the journal")]
    private static partial void LogLost(ILogger logger, Guid runId, AppendResult result);

    [LoggerMessage(EventId = 2, EventName = "run_resumed", Level = LogLevel.Information, Message = "Run {RunId} taken over in epoch {Epoch}")]
    private static partial void LogResumed(ILogger logger, Guid runId, long epoch);

    [LoggerMessage(EventId = 4, EventName = "run_not_marked", Level = LogLevel.Warning, Message = "Run {RunId} goes on; its row does not say how it stands yet")]
    private static partial void LogNotMarked(ILogger logger, Exception exception, Guid runId);

    [LoggerMessage(EventId = 3, EventName = "run_broken", Level = LogLevel.Error, Message = "Run {RunId} broke and is ended")]
    private static partial void LogBroken(ILogger logger, Exception exception, Guid runId);

    [LoggerMessage(EventId = 5, EventName = "unreadable_run_closed", Level = LogLevel.Error, Message = "Run {RunId} cannot be read back ({Broken}) and is closed as failed")]
    private static partial void LogClosed(ILogger logger, Guid runId, string broken);
}
