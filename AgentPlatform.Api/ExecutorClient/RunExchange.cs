using System.Text.Json;
using AgentPlatform.Api.Agent;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>One exchange with one executor about one run: the request, and the lines of its answer until it ends one way or another.</summary>
internal sealed class RunExchange(
    IHttpClientFactory clients, ExecutorEndpoints endpoints, IOptions<ExecutorClientOptions> options, TimeProvider timeProvider)
{
    // Longer than a closed connection takes to show, shorter than an executor takes to have done anything worth a word.
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(100);

    // One client for all: its handler lives as long as the process and renews its own connections.
    private readonly HttpClient _http = clients.CreateClient(ExecutorClientRegistration.RunsClient);
    private readonly TimeSpan _silence = options.Value.Silence;

    /// <param name="background">The first event means that the run is accepted, and ends the listening.</param>
    /// <param name="onFrame">Called for each frame that has a place in the stream.</param>
    /// <param name="onHeard">Called once, when the executor says something about the run.</param>
    /// <returns>How it ended, and whether the executor had said anything about the run.</returns>
    public async Task<(RunReply Reply, bool Heard)> ListenAsync(
        HttpRequestMessage message,
        bool background,
        Deadline deadline,
        Func<RunFrame, CancellationToken, ValueTask>? onFrame,
        CancellationToken cancellationToken,
        Action? onHeard = null)
    {
        var (reply, heard) = await ListenToOneAsync(message, background, deadline, onFrame, onHeard, cancellationToken);
        if (reply is RunReply.Silent or RunReply.Refused { Code: ProblemCodes.Draining })
        {
            endpoints.PassOver(message);
        }

        return (reply, heard);
    }

    private async Task<(RunReply Reply, bool Heard)> ListenToOneAsync(
        HttpRequestMessage message,
        bool background,
        Deadline deadline,
        Func<RunFrame, CancellationToken, ValueTask>? onFrame,
        Action? onHeard,
        CancellationToken cancellationToken)
    {
        var heard = false;
        var answered = false;
        var sent = timeProvider.GetTimestamp();
        using var patience = new Patience(deadline, _silence, timeProvider, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            answered = true;
            if (!response.IsSuccessStatusCode)
            {
                return (await ExecutorProblem.ReadAsync(response, timeProvider, patience.Token), heard);
            }

            await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
            await foreach (var frame in RunFrames.ReadAsync(stream, patience.Token))
            {
                if (!heard)
                {
                    heard = true;
                    onHeard?.Invoke();
                }

                if (frame.Outcome is { } outcome)
                {
                    return (new RunReply.Outcome(outcome), heard);
                }

                if (background && frame.Event is { } accepted)
                {
                    return (new RunReply.Accepted(accepted is RunStarted { Queued: true } ? RunStatus.Queued : RunStatus.Running), heard);
                }

                if (onFrame is not null && frame.Id is not null)
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

    private static bool IsConnectFailure(HttpRequestError error) =>
        error is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
}
