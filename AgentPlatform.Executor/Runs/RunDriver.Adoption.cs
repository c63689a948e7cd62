using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Journal;
using AgentPlatform.Executor.Leases;
using AgentPlatform.Executor.Sessions;

namespace AgentPlatform.Executor.Runs;

/// <content>Runs that stand in the journal already: followed, taken over, woken after a wait.</content>
internal sealed partial class RunDriver
{
    /// <summary>A run that is still open so long after its wall clock has no owner worth waiting for, alive or not.</summary>
    private static readonly TimeSpan OverdueAfter = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Follows a run that stands in the journal until it has ended, here or elsewhere: it is taken over as soon as its
    /// owner is this process, or is known to be gone.
    /// </summary>
    private async Task<RunOutcome> AdoptAsync(
        RunHandle handle, StoredRun stored, IReadOnlyList<ConversationTurn> history, CancellationToken stopping)
    {
        var (tenantId, runId) = (handle.Request.TenantId, handle.Request.RunId);
        var started = (RunStarted)stored.Events[0];
        var agent = await rules.VersionAsync(started.Agent, started.AgentVersion, stopping);
        if (started.Background)
        {
            handle.Keep();
        }

        while (true)
        {
            handle.Feed.Reset(stored.Events);
            var run = Stored(stored);
            if (run.State.Ending is not null)
            {
                return RunOutcomes.Of(run);
            }

            if (run.State.Status == RunStatus.AwaitingApproval)
            {
                handle.Keep();
                if (!handle.IsCut && WordsOn(run, handle).Count == 0)
                {
                    await ParkAsync(run, stored.Epoch, stopping);
                    return RunOutcomes.Of(run);
                }
            }

            if (driven.WorkOn(tenantId, runId) is { } here)
            {
                await here.WaitAsync(stopping);
            }
            else if (await ClaimAsync(run, stored.Epoch, stopping) is { } claim)
            {
                stored = await LoadAsync(handle, stopping);
                handle.Feed.Reset(stored.Events);
                run = Stored(stored with { Epoch = claim.Epoch });
                if (run.State.Ending is null)
                {
                    return await TakeUpAsync(run, claim, handle, history, stopping);
                }
            }
            else
            {
                await Task.Delay(ClaimPause, clock, stopping);
            }

            stored = await LoadAsync(handle, stopping);
        }

        LiveRun Stored(StoredRun run) => new(Identity(tenantId, runId), agent, history, journal, handle.Feed, clock, lifetime.Stopping, run);
    }

    /// <exception cref="RunRefusedException">The run was removed with its session.</exception>
    private async Task<StoredRun> LoadAsync(RunHandle handle, CancellationToken stopping) =>
        await journal.LoadAsync(handle.Request.TenantId, handle.Request.RunId, stopping) ?? throw new RunRefusedException(ProblemCodes.RunNotFound);

    private Task<RunClaim?> ClaimAsync(LiveRun run, long epoch, CancellationToken stopping) => claims.TryClaimAsync(
        run.Identity.TenantId, run.Identity.RunId, epoch, overdue: run.Deadline + OverdueAfter < clock.GetUtcNow(), stopping);

    private async Task<RunOutcome> TakeUpAsync(
        LiveRun run, RunClaim claim, RunHandle handle, IReadOnlyList<ConversationTurn> history, CancellationToken stopping)
    {
        LogResumed(logger, run.Identity.RunId, claim.Epoch);
        var missing = RunRulesCatalogue.IsMissing(run.Rules);
        if (run.State.IsQueued && !missing)
        {
            return await BeginAsync(run, history, handle, stopping);
        }

        var waited = run.State.Status == RunStatus.AwaitingApproval;
        var words = WordsOn(run, handle);
        run.Stage(new RunResumed
        {
            Epoch = claim.Epoch,
            Executor = lease.Id.ToString(),
            FromQueue = run.State.IsQueued,
            FromWait = waited,
            Untrusted = history.Any(turn => turn.Untrusted),
        });
        words.ForEach(run.Stage);
        handle.Decision = null;
        if (!waited && claim.LostFor is { } lost)
        {
            metrics.Recovered(lost);
        }

        if (missing)
        {
            AgentLoop.CutShort(run, MissingVersion(run.State.Started!));
        }

        return await DriveAsync(run, handle, stopping);
    }

    /// <summary>What a person, or the end of the time for it, says about the calls that wait.</summary>
    private List<RunEvent> WordsOn(LiveRun run, RunHandle handle)
    {
        var now = clock.GetUtcNow();
        return [.. run.State.Calls.Where(call => call.Awaited).Select(call => WordOn(call)).OfType<RunEvent>()];

        ApprovalDecided? WordOn(CallState call)
        {
            if (handle.Decision is { } word && word.CallId == call.Call.CallId)
            {
                return new ApprovalDecided
                {
                    CallId = word.CallId,
                    Approved = word.Decision.Approve,
                    Reason = word.Decision.Reason,
                    By = word.Decision.By,
                };
            }

            return call.ExpiresAt <= now ? new ApprovalDecided { CallId = call.Call.CallId, Approved = false, Reason = "expired" } : null;
        }
    }

    private static RunFailed MissingVersion(RunStarted started) => new()
    {
        Reason = FailureReason.ExecutorUnavailable,
        Message = $"The version of agent '{started.Agent}' that the run began with is not known any more.",
    };
}
