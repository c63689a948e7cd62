using AgentPlatform.Api.Agent;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Core.Wire;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Runs.Watching;

/// <summary>
/// The runs that are watched in this process: one stream from an executor for each, however many watch. It begins with the first watcher, is
/// kept for those who come later, survives the loss of executors, and is closed when the last one leaves.
/// </summary>
internal sealed partial class RunWatches(
    RunClient runs, IOptions<WatchOptions> options, TimeProvider timeProvider, ILogger<RunWatches> logger)
{
    // How long a run's last frames may lag behind its outcome when the two come by different ways.
    private static readonly TimeSpan LastFrames = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Tenant, Guid RunId), RunWatch> _watches = [];

    /// <summary>Starts a run or attaches to it, and shows it to the caller until it ends, waits for a person, or the deadline passes.</summary>
    /// <param name="after">The position the caller has seen.</param>
    /// <param name="onFrame">Called for each frame, in order and once; with a heartbeat as soon as the run is found.</param>
    public async Task<RunReply> RunAsync(
        RunRequest request, FrameId after, Deadline deadline, Func<RunFrame, CancellationToken, ValueTask> onFrame, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(deadline.Remaining, timeProvider);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var watch = Enter(request.TenantId, request.RunId, request);
        try
        {
            // A stream that only watches does not say when the run waits for a person, and starts nothing.
            var outcome = watch.TellsWaiting
                ? null
                : runs.RunAsync(request with { Attach = true }, deadline, onFrame: null, leaving.Token);
            return await FollowAsync(watch, after, untilWaiting: outcome is null, outcome, onFrame, leaving.Token, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // As it would be told to a caller who does not watch.
            return watch.Lost ?? new RunReply.TimedOut();
        }
        finally
        {
            await leaving.CancelAsync();
            Leave(watch);
        }
    }

    /// <summary>Shows an existing run to the caller until it ends.</summary>
    public async Task<RunReply> WatchAsync(
        string tenant, Guid runId, FrameId after, Func<RunFrame, CancellationToken, ValueTask> onFrame, CancellationToken cancellationToken)
    {
        var watch = Enter(tenant, runId, start: null);
        try
        {
            return await FollowAsync(watch, after, untilWaiting: false, outcome: null, onFrame, cancellationToken, cancellationToken);
        }
        finally
        {
            Leave(watch);
        }
    }

    /// <param name="outcome">Tells how the run ends when the watched stream may not.</param>
    /// <param name="leaving">Ends the waiting; <paramref name="caller"/> also ends a frame that is being shown.</param>
    private async Task<RunReply> FollowAsync(
        RunWatch watch,
        FrameId after,
        bool untilWaiting,
        Task<RunReply>? outcome,
        Func<RunFrame, CancellationToken, ValueTask> onFrame,
        CancellationToken leaving,
        CancellationToken caller)
    {
        var found = false;
        var lag = (Task?)null;
        while (true)
        {
            var reading = watch.Frames.Read(after, untilWaiting);
            if (reading.IsBehind)
            {
                return await runs.WatchAsync(watch.Tenant, watch.RunId, after, onFrame, leaving);
            }

            if (!found && watch.Frames.Last > FrameId.Start)
            {
                found = true;
                await onFrame(RunFrame.Heartbeat, caller);
            }

            foreach (var frame in reading.Frames)
            {
                await onFrame(frame, caller);
                after = frame.Id!.Value;
            }

            if (reading.Frames.Count > 0)
            {
                continue;
            }

            if (Ending(reading, outcome, lag) is { } reply)
            {
                return reply;
            }

            lag ??= outcome is { IsCompleted: true } ? Task.Delay(LastFrames, timeProvider, leaving) : null;
            await Task.WhenAny(reading.Changed, lag ?? outcome ?? reading.Changed).WaitAsync(leaving);
        }
    }

    private static RunReply? Ending(FrameBuffer.Reading reading, Task<RunReply>? outcome, Task? lag)
    {
        if (outcome is { IsCompletedSuccessfully: true, Result: var told }
            && (reading.End is not null || lag is { IsCompleted: true } || told is not RunReply.Outcome { Run.Status: >= RunStatus.Completed }))
        {
            return told;
        }

        return reading.Waiting is { } waiting ? new RunReply.Outcome(waiting)
            : outcome is null ? reading.End
            : null;
    }

    private RunWatch Enter(string tenant, Guid runId, RunRequest? start)
    {
        RunWatch? begun = null;
        RunWatch watch;
        lock (_gate)
        {
            var known = _watches.GetValueOrDefault((tenant, runId));
            // Nobody can have found a run that is only now to be started.
            if (known is null || known.Frames.HasFailed || (known.Start is null && start is { Attach: false }))
            {
                begun = known = _watches[(tenant, runId)] = new RunWatch(tenant, runId, start, options.Value.BufferBytes);
            }

            watch = known;
            watch.Watchers++;
        }

        if (begun is not null)
        {
            _ = ListenAsync(begun);
        }

        return watch;
    }

    private void Leave(RunWatch watch)
    {
        lock (_gate)
        {
            if (--watch.Watchers > 0)
            {
                return;
            }

            var key = (watch.Tenant, watch.RunId);
            if (_watches.GetValueOrDefault(key) == watch)
            {
                _watches.Remove(key);
            }
        }

        watch.Stop();
        watch.Dispose();
    }

    /// <summary>The one stream: of nobody's token, because any watcher may leave before the others.</summary>
    private async Task ListenAsync(RunWatch watch)
    {
        var stopped = watch.Stopped;
        try
        {
            var reply = watch.Start is { } start
                ? await runs.RunAsync(start with { Watch = true }, Deadline.Never(timeProvider), AddAsync, stopped, lost => watch.Lost = lost)
                : await runs.WatchAsync(watch.Tenant, watch.RunId, FrameId.Start, AddAsync, stopped);
            if (reply is RunReply.Outcome { Run: { Status: < RunStatus.Completed } waiting })
            {
                watch.Frames.Wait(waiting);
                watch.TellsWaiting = false;
                reply = await runs.WatchAsync(watch.Tenant, watch.RunId, watch.Frames.Last, AddAsync, stopped);
            }

            watch.Frames.End(reply);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            // The last watcher left.
        }
        catch (Exception exception)
        {
            LogBrokeOff(exception, watch.RunId);
            watch.Frames.End(new RunReply.Broken());
        }

        ValueTask AddAsync(RunFrame frame, CancellationToken cancellationToken)
        {
            watch.Frames.Add(frame);
            return ValueTask.CompletedTask;
        }
    }

    [LoggerMessage(LogLevel.Error, "Watching run {RunId} broke off")]
    private partial void LogBrokeOff(Exception exception, Guid runId);
}
