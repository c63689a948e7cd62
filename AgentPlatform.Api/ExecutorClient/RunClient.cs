using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Core.Wire;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>
/// Asks an executor for a run and listens until its outcome. The run's id is ours, so whatever goes wrong on the way is
/// mended by posting the same body again: service discovery hands the next executor in turn, which attaches to the run if
/// it exists and starts it if not. The client's handler never repeats a request itself.
/// </summary>
internal sealed partial class RunClient(
    RunExchange exchange, IOptions<ExecutorClientOptions> options, TimeProvider timeProvider, ILogger<RunClient> logger)
{
    private static readonly JsonTypeInfo<RunRequest> Json = (JsonTypeInfo<RunRequest>)WireJson.Options.GetTypeInfo(typeof(RunRequest));
    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    private readonly ExecutorClientOptions _options = options.Value;

    /// <summary>Starts the run, or attaches to it, and follows it to its outcome or to the deadline; a background run to its acceptance.</summary>
    /// <param name="onFrame">Called for each frame of a watched run, in order and once.</param>
    /// <param name="onLost">Called while the run is looked for: with how the last attempt failed, and with null when an executor has it.</param>
    public async Task<RunReply> RunAsync(
        RunRequest request,
        Deadline deadline,
        Func<RunFrame, CancellationToken, ValueTask>? onFrame,
        CancellationToken cancellationToken,
        Action<RunReply?>? onLost = null)
    {
        // An executor that attaches sends a watched run's frames from the beginning.
        onFrame = onFrame is null ? null : new FramesOnce(FrameId.Start, onFrame).PassAsync;
        var (reply, _) = await AttemptAsync(request, deadline, onFrame, cancellationToken);
        return IsWorthAnother(reply)
            ? await ReattachAsync(request with { Attach = true }, reply, deadline, onFrame, onLost, cancellationToken)
            : reply;
    }

    /// <summary>Watches a run that exists, from a position on, until it has ended or can be found nowhere.</summary>
    /// <param name="onFrame">Called for each frame beyond <paramref name="after"/>, in order and once.</param>
    public async Task<RunReply> WatchAsync(
        string tenant, Guid runId, FrameId after, Func<RunFrame, CancellationToken, ValueTask> onFrame, CancellationToken cancellationToken)
    {
        var once = new FramesOnce(after, onFrame);
        var never = Deadline.Never(timeProvider);
        var until = Deadline.In(_options.LookUpDeadline, timeProvider);
        var pause = _options.FirstPause;
        var found = false;
        while (true)
        {
            using var request = ExecutorCalls.Request(HttpMethod.Get, tenant, Frames(runId, once.Last));
            var (reply, heard) = await exchange.ListenAsync(request, background: false, never, once.PassAsync, cancellationToken);
            if (heard)
            {
                found = true;
                until = Deadline.In(_options.WatchWithin, timeProvider);
                pause = _options.FirstPause;
            }

            // A database that comes back has the run; who has not seen it yet is better told at once.
            var passing = IsWorthAnother(reply) || (found && reply is RunReply.Refused { Code: ProblemCodes.DatabaseUnavailable });
            if (!passing || until.Remaining <= pause)
            {
                return reply;
            }

            LogReattaching(runId, reply.GetType().Name);
            await Task.Delay(Jittered(pause), timeProvider, cancellationToken);
            pause = Longer(pause);
        }
    }

    private async Task<RunReply> ReattachAsync(
        RunRequest request,
        RunReply reply,
        Deadline deadline,
        Func<RunFrame, CancellationToken, ValueTask>? onFrame,
        Action<RunReply?>? onLost,
        CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        var pause = _options.FirstPause;
        var mayRun = MayRun(reply);
        var until = deadline.AtMost(mayRun ? _options.ReattachWithin : _options.StartWithin);
        while (IsWorthAnother(reply) && until.Remaining > pause)
        {
            LogReattaching(request.RunId, reply.GetType().Name);
            onLost?.Invoke(Told(reply));
            await Task.Delay(Jittered(pause), timeProvider, cancellationToken);
            var (next, heard) = await AttemptAsync(request, deadline, onFrame, cancellationToken, () => onLost?.Invoke(null));
            // Cut short before anybody was heard: what stood in the way is still what was met before.
            reply = next is RunReply.TimedOut && !heard ? reply : next;
            if (heard || (MayRun(reply) && !mayRun))
            {
                mayRun |= MayRun(reply);
                until = deadline.AtMost(_options.ReattachWithin);
            }

            // Executors that just did not take it are passed over quickly: the next one in turn may be ready.
            pause = MayRun(reply) ? Longer(pause) : _options.FirstPause;
        }

        return Told(reply);

        RunReply Told(RunReply so) => so with
        {
            // Silence of an executor that was only slow, or of one that the run had not reached, cost time and no work.
            Interrupted = mayRun && so is not RunReply.Outcome { Run.TakenOver: false },
            Reattach = new TriedRung(Rung.Reattach, OutcomeOf(so), (long)timeProvider.GetElapsedTime(started).TotalMilliseconds),
        };
    }

    private static RungOutcome OutcomeOf(RunReply reply) => reply switch
    {
        RunReply.Outcome or RunReply.Accepted => RungOutcome.Ok,
        RunReply.TimedOut => RungOutcome.Timeout,
        _ => RungOutcome.Failed,
    };

    private async Task<(RunReply Reply, bool Heard)> AttemptAsync(
        RunRequest request,
        Deadline deadline,
        Func<RunFrame, CancellationToken, ValueTask>? onFrame,
        CancellationToken cancellationToken,
        Action? onHeard = null)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, Json));
        content.Headers.ContentType = JsonType;
        using var message = new HttpRequestMessage(HttpMethod.Post, "runs") { Content = content };
        message.Headers.Add(InternalWire.TenantHeader, request.TenantId);
        return await exchange.ListenAsync(message, request.Background, deadline, onFrame, cancellationToken, onHeard);
    }

    private static string Frames(Guid runId, FrameId after) =>
        after == FrameId.Start ? $"runs/{runId}/frames" : $"runs/{runId}/frames?after={after}";

    /// <summary>Another executor may do better. Full or without its database, it would not: those are shared troubles.</summary>
    private static bool IsWorthAnother(RunReply reply) =>
        reply is RunReply.Unreachable or RunReply.Silent or RunReply.Broken
            or RunReply.Refused { Code: ProblemCodes.Draining or ProblemCodes.ExecutorUnavailable };

    // Executors that are regrouping after the loss of one say that they cannot reach the run's host: it may be at work.
    private static bool MayRun(RunReply reply) =>
        reply is RunReply.Silent or RunReply.Broken { AtOnce: false } or RunReply.Refused { Code: ProblemCodes.ExecutorUnavailable };

    private static TimeSpan Jittered(TimeSpan pause) => pause * (0.5 + Random.Shared.NextDouble());

    private TimeSpan Longer(TimeSpan pause) => TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _options.LongestPause.Ticks));

    [LoggerMessage(Level = LogLevel.Debug, Message = "Run {RunId} is taken up again, the executor was {Failure}")]
    private partial void LogReattaching(Guid runId, string failure);
}
