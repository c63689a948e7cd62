using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Journal;
using AgentPlatform.Executor.Runs;
using AgentPlatform.Executor.Runs.Watching;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>
/// What a process does with the run, as <see cref="RunDriver"/> does it: start it or find it in the journal, claim it, mark it resumed,
/// and let the loop take it to its end. The driver itself needs a database for its claims; the loop, the rules, the fold and the
/// staging of events are the real ones.
/// </summary>
internal sealed class RunWork(RunProcess process, RunEngine engine)
{
    /// <summary>More often than it can wait for a person or be superseded.</summary>
    private const int TooOften = 100;

    private readonly Episode _episode = process.Episode;
    private readonly AgentLoop _loop = engine.LoopUnder(process.Lease.Lease);

    /// <summary>Returns when the run has ended, or is somebody else's.</summary>
    public async Task DoAsync()
    {
        RunProcess.Current = process;
        for (var taken = 1; Take() is { } run; taken++)
        {
            if (taken == TooOften)
            {
                throw new InvalidOperationException($"The run was taken up {taken} times and does not end.\n{_episode.Story}");
            }

            try
            {
                await DriveAsync(run);
            }
            catch (RunLostException lost)
            {
                process.Note($"lost the run ({lost.Result})");
            }

            if (process.IsHung)
            {
                // It has woken up, and may only follow what the others do.
                return;
            }
        }

        process.Leave();
    }

    private async Task DriveAsync(LiveRun run)
    {
        try
        {
            await _loop.RunAsync(run, process.WallClock);
        }
        catch (OperationCanceledException) when (process.WallClock.IsCancellationRequested)
        {
            AgentLoop.CutShort(run, new RunTimedOut());
            await run.CommitAsync();
        }

        _episode.Ledger.Told(run.State, _episode.Journal.Events);
        if (run.State.Status == RunStatus.AwaitingApproval)
        {
            await process.AtAsync(Instant.Parked);
        }
    }

    /// <summary>The run to go on with; null when it has ended.</summary>
    private LiveRun? Take()
    {
        while (_episode.Journal.Load() is { } found)
        {
            var claimed = _episode.Journal.TryClaim(found.Epoch, process.Lease.Lease.Id);
            var stored = _episode.Journal.Load()!;
            var state = RunState.Fold(stored.Events);
            if (state.Ending is not null)
            {
                return null;
            }

            if (claimed is { } epoch)
            {
                process.RoundsFound = state.Replies.Count(reply => reply.ToolCalls.Count > 0);
                var run = New(stored with { Epoch = epoch });
                process.Note($"takes up {state.Status} at {state.LastSeq} in epoch {epoch}");
                run.Stage(new RunResumed { Epoch = epoch, Executor = "another", FromWait = state.Status == RunStatus.AwaitingApproval });
                Decide(run);
                return run;
            }
        }

        var begun = New(stored: null);
        begun.Stage(RunScript.Started());
        return begun;
    }

    private LiveRun New(StoredRun? stored)
    {
        var lease = process.Lease.Lease;
        process.EpochOfLease = lease.Epoch;
        return new LiveRun(
            new RunIdentity("tenant", _episode.RunId, lease.Id, lease.Epoch),
            _episode.Rules,
            RunEngine.History,
            new ProcessJournal(process),
            new RunFeed(RunEngine.Time),
            RunEngine.Time,
            CancellationToken.None,
            stored);
    }

    private void Decide(LiveRun run)
    {
        var waiting = run.State.Calls.Where(call => call is { Pending: true, ApprovalAsked: true, Approved: null }).ToList();
        foreach (var call in _episode.Scenario.OneByOne ? waiting.TakeLast(1) : waiting)
        {
            run.Stage(new ApprovalDecided { CallId = call.Call.CallId, Approved = _episode.Scenario.Approves(call.Call.CallId), By = "ada" });
        }
    }
}
