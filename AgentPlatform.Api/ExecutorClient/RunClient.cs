using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>
/// Asks an executor for a run and listens until its outcome. The run's id is ours, so whatever goes wrong on the way is
/// mended by posting the same body again: service discovery hands the next executor in turn, which attaches to the run if
/// it exists and starts it if not. The client's handler never repeats a request itself.
/// </summary>
internal sealed partial class RunClient(
    IHttpClientFactory clients, IOptions<ExecutorClientOptions> options, TimeProvider timeProvider, ILogger<RunClient> logger)
{
    private static readonly JsonTypeInfo<RunRequest> Json = (JsonTypeInfo<RunRequest>)WireJson.Options.GetTypeInfo(typeof(RunRequest));
    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    // Longer than a closed connection takes to show, shorter than an executor takes to have done anything worth a word.
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(100);

    // One client for all: its handler lives as long as the process and renews its own connections.
    private readonly HttpClient _http = clients.CreateClient(ExecutorClientRegistration.RunsClient);
    private readonly ExecutorClientOptions _options = options.Value;

    /// <summary>Starts the run, or attaches to it, and follows it to its outcome or to the deadline.</summary>
    /// <param name="onFrame">Called for each event and delta of a watched run, in order.</param>
    public async Task<RunReply> RunAsync(
        RunRequest request, Deadline deadline, Func<RunFrame, CancellationToken, ValueTask>? onFrame, CancellationToken cancellationToken)
    {
        var (reply, _) = await AttemptAsync(request, deadline, onFrame, cancellationToken);
        return IsWorthAnother(reply)
            ? await ReattachAsync(request with { Attach = true }, reply, deadline, onFrame, cancellationToken)
            : reply;
    }

    private async Task<RunReply> ReattachAsync(
        RunRequest request,
        RunReply reply,
        Deadline deadline,
        Func<RunFrame, CancellationToken, ValueTask>? onFrame,
        CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        var pause = _options.FirstPause;
        var mayRun = MayRun(reply);
        var until = deadline.AtMost(mayRun ? _options.ReattachWithin : _options.StartWithin);
        while (IsWorthAnother(reply) && until.Remaining > pause)
        {
            LogReattaching(request.RunId, reply.GetType().Name);
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), timeProvider, cancellationToken);
            (reply, var heard) = await AttemptAsync(request, deadline, onFrame, cancellationToken);
            if (heard || (MayRun(reply) && !mayRun))
            {
                mayRun |= MayRun(reply);
                until = deadline.AtMost(_options.ReattachWithin);
            }

            // Executors that just did not take it are passed over quickly: the next one in turn may be ready.
            pause = MayRun(reply) ? TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _options.LongestPause.Ticks)) : _options.FirstPause;
        }

        var outcome = reply switch
        {
            RunReply.Outcome or RunReply.Accepted => RungOutcome.Ok,
            RunReply.TimedOut => RungOutcome.Timeout,
            _ => RungOutcome.Failed,
        };
        return reply with
        {
            Interrupted = mayRun,
            Reattach = new TriedRung(Rung.Reattach, outcome, (long)timeProvider.GetElapsedTime(started).TotalMilliseconds),
        };
    }

    /// <returns>How one attempt ended, and whether the executor had said anything about the run.</returns>
    private async Task<(RunReply Reply, bool Heard)> AttemptAsync(
        RunRequest request, Deadline deadline, Func<RunFrame, CancellationToken, ValueTask>? onFrame, CancellationToken cancellationToken)
    {
        var heard = false;
        var answered = false;
        var sent = timeProvider.GetTimestamp();
        using var patience = new Patience(deadline, _options.Silence, timeProvider, cancellationToken);
        try
        {
            using var message = Post(request);
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            answered = true;
            if (!response.IsSuccessStatusCode)
            {
                return (await ExecutorProblem.ReadAsync(response, timeProvider, patience.Token), heard);
            }

            await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
            await foreach (var frame in RunFrames.ReadAsync(stream, patience.Token))
            {
                heard = true;
                if (frame.Outcome is { } outcome)
                {
                    return (new RunReply.Outcome(outcome), heard);
                }

                if (request.Background && frame.Event is { } accepted)
                {
                    return (new RunReply.Accepted(accepted is RunStarted { Queued: true } ? RunStatus.Queued : RunStatus.Running), heard);
                }

                if (onFrame is not null && (frame.Event is not null || frame.Delta is not null))
                {
                    patience.Pause();
                    await onFrame(frame, cancellationToken);
                }

                patience.Renew();
            }

            return (new RunReply.Broken(), heard);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (AfterCancellation(patience), heard);
        }
        catch (HttpRequestException exception) when (IsConnectFailure(exception.HttpRequestError))
        {
            return (new RunReply.Unreachable(), heard);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            return (new RunReply.Broken(AtOnce: !answered && timeProvider.GetElapsedTime(sent) < AtOnce), heard);
        }
    }

    // Nobody's token: the handler's own connect timeout.
    private static RunReply AfterCancellation(Patience patience) =>
        !patience.RanOut ? new RunReply.Unreachable()
        : patience.AtDeadline ? new RunReply.TimedOut()
        : new RunReply.Silent();

    private static HttpRequestMessage Post(RunRequest request)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, Json));
        content.Headers.ContentType = JsonType;
        var message = new HttpRequestMessage(HttpMethod.Post, "runs") { Content = content };
        message.Headers.Add(InternalWire.TenantHeader, request.TenantId);
        return message;
    }

    /// <summary>Another executor may do better. Full or without its database, it would not: those are shared troubles.</summary>
    private static bool IsWorthAnother(RunReply reply) =>
        reply is RunReply.Unreachable or RunReply.Silent or RunReply.Broken
            or RunReply.Refused { Code: ProblemCodes.Draining or ProblemCodes.ExecutorUnavailable };

    // Executors that are regrouping after the loss of one say that they cannot reach the run's host: it may be at work.
    private static bool MayRun(RunReply reply) =>
        reply is RunReply.Silent or RunReply.Broken { AtOnce: false } or RunReply.Refused { Code: ProblemCodes.ExecutorUnavailable };

    private static bool IsConnectFailure(HttpRequestError error) =>
        error is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    [LoggerMessage(Level = LogLevel.Debug, Message = "Run {RunId} is taken up again, the executor was {Failure}")]
    private partial void LogReattaching(Guid runId, string failure);
}
