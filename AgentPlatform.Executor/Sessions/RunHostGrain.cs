using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Runs;

namespace AgentPlatform.Executor.Sessions;

/// <summary>
/// What every host of runs does: one task per run id on the grain's scheduler, joined by whoever asks for the same id.
/// The task is detached, never an awaited grain call, so that other calls come through while a run is at work.
/// </summary>
internal abstract partial class RunHostGrain(RunGate gate, TimeProvider clock, ILogger logger) : Grain, IRunHost
{
    /// <summary>How long one call waits for news; also the pace of the heartbeats to the API.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Longer than any run may take: an activation with an open run is never collected.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(11);

    /// <summary>Frames of one answer.</summary>
    private const int FramesAtOnce = 256;

    private readonly Dictionary<Guid, RunHandle> _runs = [];

    protected TimeProvider Clock => clock;

    /// <summary>Cancelled when what is open must be left to others.</summary>
    protected CancellationToken Stopping => gate.Stopping;

    protected IReadOnlyDictionary<Guid, RunHandle> Runs => _runs;

    public async Task<RunNews> FollowAsync(byte[] request)
    {
        var (handle, refused) = Host(Read(request));
        if (handle is null)
        {
            return refused!;
        }

        await ((Task)handle.Done).WaitAsync(Patience, clock)
            .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        handle.Seen();
        return handle.Done.IsCompleted ? await handle.Done : RunNews.AtWork;
    }

    public async Task<RunNews> WatchAsync(byte[] request, long seq, int n, bool live)
    {
        // Told before the run begins: its first call of the model may go out before this line returns.
        var (handle, refused) = Host(Read(request), live ? static run => run.Feed.Watch() : null);
        if (handle is null)
        {
            return refused!;
        }

        if (live)
        {
            handle.Feed.Watch();
        }

        var begun = clock.GetTimestamp();
        while (true)
        {
            var ended = handle.Done.IsCompleted;
            var (frames, changed) = handle.Feed.Read(new FrameId(seq, n), FramesAtOnce);
            if (frames.Count > 0)
            {
                var last = frames[^1].Id!.Value;
                return new RunNews { Frames = Lines(frames), Seq = last.Seq, N = last.N };
            }

            if (ended)
            {
                return await handle.Done;
            }

            var left = Patience - clock.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero)
            {
                handle.Seen();
                return RunNews.AtWork;
            }

            await ((Task)Task.WhenAny(changed, handle.Done)).WaitAsync(left, clock)
                .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task<RunNews> CancelAsync(byte[] request)
    {
        var asked = Read(request) with { Attach = true };
        var (handle, refused) = Host(asked, static run => run.RequestCancel());
        if (handle is null)
        {
            return refused!;
        }

        if (!handle.Done.IsCompleted)
        {
            handle.RequestCancel();
        }

        return await FollowAsync(request);
    }

    public async Task<RunNews> DecideAsync(byte[] request, string callId, byte[] decision)
    {
        var asked = Read(request);
        if (_runs.TryGetValue(asked.RunId, out var before))
        {
            // It asked for the word just now, or works on the word of another call.
            await ((Task)before.Done).WaitAsync(Patience, clock)
                .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            if (!before.Done.IsCompleted)
            {
                return RunNews.AtWork;
            }
        }

        var word = new PendingDecision(callId, JsonSerializer.Deserialize<ApprovalDecision>(decision, WireJson.Options)!);
        var (handle, refused) = Host(asked with { Attach = true }, run => run.Decision = word);
        if (handle is null)
        {
            return refused!;
        }

        var begun = clock.GetTimestamp();
        while (!handle.Done.IsCompleted && clock.GetElapsedTime(begun) < Patience)
        {
            var (frames, changed) = handle.Feed.Read(FrameId.Start, int.MaxValue);
            if (frames.Exists(frame => frame.Event is ApprovalDecided decided && decided.CallId == callId))
            {
                break;
            }

            await ((Task)Task.WhenAny(changed, handle.Done)).WaitAsync(Patience, clock)
                .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }

        return handle.Done.IsCompleted ? await handle.Done : RunNews.AtWork;
    }

    /// <summary>Why this host does not take a new run: a problem code, or null.</summary>
    protected abstract string? Refuse(RunRequest request);

    /// <summary>Takes the run to its end.</summary>
    /// <exception cref="RunRefusedException">It is not taken after all.</exception>
    protected abstract Task<RunOutcome> RunAsync(RunHandle handle, CancellationToken stopping);

    /// <summary>The run has ended here, with an outcome or without.</summary>
    protected abstract void OnEnded(Guid runId);

    /// <summary>Puts a run to work here that stands in the journal already.</summary>
    /// <param name="turn">Its place in the session.</param>
    protected void HostOpen(RunRequest request, int turn)
    {
        if (_runs.TryGetValue(request.RunId, out var known) && !known.Done.IsCompleted)
        {
            known.Turn ??= turn;
            return;
        }

        _ = Host(request, run => run.Turn = turn);
    }

    protected void Forget(Guid runId) => _runs.Remove(runId);

    private (RunHandle? Handle, RunNews? Refused) Host(RunRequest asked, Action<RunHandle>? prepare = null)
    {
        if (_runs.TryGetValue(asked.RunId, out var handle))
        {
            handle.Seen();
            return (handle, null);
        }

        var joins = _runs.Values.Any(run => !run.Done.IsCompleted);
        if (((asked.Attach ? null : Refuse(asked)) ?? gate.Enter(asked, joins)) is { } code)
        {
            LeaveWhenIdle();
            return (null, new RunNews { Refused = code });
        }

        handle = new RunHandle(asked, gate.UnwatchedFor, clock);
        if (asked.Watch)
        {
            // Now, not with the first look: the first reply is asked for before that.
            handle.Feed.Watch();
        }

        prepare?.Invoke(handle);
        handle.Seen();
        _runs[asked.RunId] = handle;
        DelayDeactivation(LongestRun);
        handle.Done = HostAsync(handle);
        return (handle, null);
    }

    /// <summary>A refusal must not keep an activation: not in memory, and not on a silo that is stopping.</summary>
    private void LeaveWhenIdle()
    {
        if (_runs.Values.All(run => run.Done.IsCompleted))
        {
            DeactivateOnIdle();
        }
    }

    private async Task<RunNews> HostAsync(RunHandle handle)
    {
        // The caller gets its task at once; what follows runs on the grain's scheduler between other calls.
        try
        {
            var outcome = await RunAsync(handle, gate.Stopping);
            var waits = outcome.Status == RunStatus.AwaitingApproval;
            if (waits)
            {
                // It goes on one day, perhaps elsewhere: what is known of it here is not worth keeping.
                Drop(handle);
            }

            return new RunNews { Outcome = Line(new RunFrame { Outcome = outcome }), Waits = waits };
        }
        catch (OperationCanceledException)
        {
            // The process is stopping: whoever follows asks another executor, which finds the run in the journal.
            Drop(handle);
            return new RunNews { Refused = ProblemCodes.Draining };
        }
        catch (RunRefusedException refused)
        {
            Drop(handle);
            return new RunNews
            {
                Refused = refused.Code,
                Exceeded = refused.Exceeded is { } exceeded ? JsonSerializer.SerializeToUtf8Bytes(exceeded, WireJson.Options) : null,
            };
        }
        catch (Exception exception)
        {
            // Nobody is at work on it any more: the scan gives it up, and whoever claims it goes on.
            LogBroken(logger, exception, handle.Request.RunId, handle.Request.Agent);
            Drop(handle);
            return new RunNews { Refused = DatabaseAway.Is(exception) ? ProblemCodes.DatabaseUnavailable : ProblemCodes.ExecutorUnavailable };
        }
        finally
        {
            handle.Keep();
            gate.Leave(handle.Request);
            OnEnded(handle.Request.RunId);
            if (_runs.Values.All(run => run == handle || run.Done.IsCompleted))
            {
                DelayDeactivation(TimeSpan.Zero);
            }
        }
    }

    private void Drop(RunHandle handle)
    {
        if (_runs.TryGetValue(handle.Request.RunId, out var known) && known == handle)
        {
            _runs.Remove(handle.Request.RunId);
        }
    }

    private static RunRequest Read(byte[] request) => JsonSerializer.Deserialize<RunRequest>(request, WireJson.Options)!;

    private static byte[] Line(RunFrame frame) => [.. JsonSerializer.SerializeToUtf8Bytes(frame, WireJson.Options), (byte)'\n'];

    private static byte[] Lines(List<RunFrame> frames)
    {
        using var lines = new MemoryStream();
        foreach (var frame in frames)
        {
            JsonSerializer.Serialize(lines, frame, WireJson.Options);
            lines.WriteByte((byte)'\n');
        }

        return lines.ToArray();
    }

    [LoggerMessage(EventId = 1, EventName = "run_left_open", Level = LogLevel.Error, Message = "Run {RunId} of {Agent} broke off; it stays open and is taken up again")]
    private static partial void LogBroken(ILogger logger, Exception exception, Guid runId, string agent);
}
