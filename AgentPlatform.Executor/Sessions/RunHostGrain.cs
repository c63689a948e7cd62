using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Runs;

namespace AgentPlatform.Executor.Sessions;

/// <summary>
/// What every host of runs does: one task per run id on the grain's scheduler, joined by whoever asks for the same id.
/// The task is detached, never an awaited grain call, so that other calls come through while a run is at work.
/// </summary>
internal abstract partial class RunHostGrain(RunGate gate, TimeProvider clock, ILogger logger) : Grain, IRunHost
{
    /// <summary>How long one call waits for the outcome; also the pace of the heartbeats to the API.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Longer than any run may take: an activation with an open run is never collected.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(11);

    private readonly Dictionary<Guid, HostedRun> _runs = [];

    protected TimeProvider Clock => clock;

    protected IReadOnlyCollection<HostedRun> Runs => _runs.Values;

    public async Task<RunNews> FollowAsync(byte[] request)
    {
        var asked = JsonSerializer.Deserialize<RunRequest>(request, WireJson.Options)!;
        if (!_runs.TryGetValue(asked.RunId, out var hosted))
        {
            if ((Refuse(asked) ?? gate.Enter(asked.RunId)) is { } code)
            {
                LeaveWhenIdle();
                return new RunNews { Refused = code };
            }

            hosted = new HostedRun(asked);
            _runs.Add(asked.RunId, hosted);
            DelayDeactivation(LongestRun);
            hosted.Done = HostAsync(hosted);
        }

        await ((Task)hosted.Done).WaitAsync(Patience, clock)
            .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        return hosted.Done.IsCompleted ? await hosted.Done : RunNews.AtWork;
    }

    /// <summary>Why this host does not take the run: a problem code, or null.</summary>
    protected abstract string? Refuse(RunRequest request);

    /// <summary>Takes the run to its end.</summary>
    protected abstract Task<RunOutcome> RunAsync(RunRequest request, CancellationToken cancel);

    /// <summary>The run has ended here, with an outcome or without.</summary>
    protected abstract void OnEnded(Guid runId);

    /// <summary>A refusal must not keep an activation: not in memory, and not on a silo that is stopping.</summary>
    private void LeaveWhenIdle()
    {
        if (_runs.Values.All(run => run.Done.IsCompleted))
        {
            DeactivateOnIdle();
        }
    }

    protected void Forget(Guid runId) => _runs.Remove(runId);

    private async Task<RunNews> HostAsync(HostedRun hosted)
    {
        // The caller gets its task at once; what follows runs on the grain's scheduler between other calls.
        try
        {
            var outcome = await RunAsync(hosted.Request, gate.Stopping);
            return new RunNews { Outcome = Line(new RunFrame { Outcome = outcome }) };
        }
        catch (OperationCanceledException)
        {
            // The process is stopping: whoever follows asks another executor, which finds the run in the journal.
            Forget(hosted.Request.RunId);
            return new RunNews { Refused = ProblemCodes.Draining };
        }
        catch (Exception exception)
        {
            // Nobody is at work on it any more: the scan gives it up, and whoever claims it goes on.
            LogBroken(logger, exception, hosted.Request.RunId, hosted.Request.Agent);
            Forget(hosted.Request.RunId);
            return new RunNews { Refused = ProblemCodes.InternalError };
        }
        finally
        {
            gate.Leave(hosted.Request.RunId);
            OnEnded(hosted.Request.RunId);
            if (_runs.Values.All(run => run == hosted || run.Done.IsCompleted))
            {
                DelayDeactivation(TimeSpan.Zero);
            }
        }
    }

    private static byte[] Line(RunFrame frame) => [.. JsonSerializer.SerializeToUtf8Bytes(frame, WireJson.Options), (byte)'\n'];

    [LoggerMessage(EventId = 1, EventName = "run_left_open", Level = LogLevel.Error, Message = "Run {RunId} of {Agent} broke off; it stays open and is taken up again")]
    private static partial void LogBroken(ILogger logger, Exception exception, Guid runId, string agent);
}
