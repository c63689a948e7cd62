using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Json;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>
/// Short calls that any executor can answer. An executor that is gone, stopping or silent is passed over: service discovery hands out the next one,
/// until somebody answers or the deadline passes. What certainly did nothing is always asked again; what may have done something only when
/// doing it twice is the same as doing it once.
/// </summary>
internal sealed partial class ExecutorCalls(
    IHttpClientFactory clients, ExecutorEndpoints endpoints, IOptions<ExecutorClientOptions> options, TimeProvider timeProvider, ILogger<ExecutorCalls> logger)
{
    // One silent executor may not use up the time in which another could answer.
    private const double OneExecutorsShare = 0.6;

    private readonly HttpClient _http = clients.CreateClient(ExecutorClientRegistration.CallsClient);
    private readonly ExecutorClientOptions _options = options.Value;

    public static HttpRequestMessage Request(HttpMethod method, string tenant, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add(InternalWire.TenantHeader, tenant);
        return request;
    }

    public static HttpRequestMessage WithJson(HttpRequestMessage request, byte[] body)
    {
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        return request;
    }

    /// <summary>A body of the internal wire.</summary>
    public static HttpRequestMessage Post<T>(string tenant, string path, T body) =>
        WithJson(Request(HttpMethod.Post, tenant, path), JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Options));

    /// <param name="make">Makes the request; once for each attempt.</param>
    /// <param name="repeatable">Doing it twice is the same as doing it once.</param>
    /// <param name="within">The longest it may take; the look-up deadline when left out.</param>
    public Task<OrProblem<T>> ReadAsync<T>(
        Func<HttpRequestMessage> make, bool repeatable, CancellationToken cancellationToken, TimeSpan? within = null)
        where T : notnull =>
        SendAsync(
            make,
            static async (content, token) => await content.ReadFromJsonAsync<T>(WireJson.Options, token)
                ?? throw new JsonException($"The executor answered null where a {typeof(T).Name} belongs."),
            repeatable,
            within ?? _options.LookUpDeadline,
            cancellationToken);

    /// <returns>Null when it is done.</returns>
    public async Task<ProblemHttpResult?> DoAsync(
        Func<HttpRequestMessage> make, bool repeatable, CancellationToken cancellationToken, TimeSpan? within = null) =>
        (await SendAsync(
            make, static (_, _) => Task.FromResult(true), repeatable, within ?? _options.LookUpDeadline, cancellationToken)).Problem;

    private async Task<OrProblem<T>> SendAsync<T>(
        Func<HttpRequestMessage> make, Func<HttpContent, CancellationToken, Task<T>> read, bool repeatable, TimeSpan within, CancellationToken cancellationToken)
        where T : notnull
    {
        var deadline = Deadline.In(within, timeProvider);
        var pause = _options.FirstPause;
        while (true)
        {
            using var limit = new CancellationTokenSource(deadline.AtMost(within * OneExecutorsShare).Remaining, timeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            var (answer, again) = await AttemptAsync(make, read, repeatable, limit.Token, either.Token);
            // Twice: the pause is anything up to half as long again, and the next attempt needs time too.
            if (!again || deadline.Remaining <= pause * 2)
            {
                return answer;
            }

            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), timeProvider, cancellationToken);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _options.LongestPause.Ticks));
        }
    }

    /// <returns>What came of it, and whether another executor may do better.</returns>
    private async Task<(OrProblem<T> Answer, bool Again)> AttemptAsync<T>(
        Func<HttpRequestMessage> make, Func<HttpContent, CancellationToken, Task<T>> read, bool repeatable, CancellationToken limit, CancellationToken either)
        where T : notnull
    {
        using var request = make();
        try
        {
            using var response = await _http.SendAsync(request, either);
            if (response.IsSuccessStatusCode)
            {
                return (await read(response.Content, either), false);
            }

            var refused = await ExecutorProblem.ReadAsync(response, timeProvider, either);
            return (PassOn(refused), refused.Code == ProblemCodes.Draining || (repeatable && refused.Code == ProblemCodes.ExecutorUnavailable));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            LogLate();
            endpoints.PassOver(request);
            return (Problem.ExecutorUnavailable("No executor answered in time. Try again in a moment."), repeatable);
        }
        catch (OperationCanceledException) when (!either.IsCancellationRequested)
        {
            // Nobody's token: the handler's own connect timeout.
            return (Unreachable(), true);
        }
        catch (HttpRequestException failure)
        {
            LogUnreachable(failure.HttpRequestError);
            return (Unreachable(), repeatable || failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError);
        }
        catch (IOException)
        {
            return (Unreachable(), repeatable);
        }
    }

    private static ProblemHttpResult Unreachable() => Problem.ExecutorUnavailable("No executor can be reached now. Try again in a moment.");

    /// <summary>
    /// Refusals (4xx) and a deliberate 503 keep status, code and sentence; any other failure becomes a neutral one of ours,
    /// so that nothing of the inside gets out.
    /// </summary>
    internal static ProblemHttpResult PassOn(RunReply.Refused refused) => refused switch
    {
        { Code: ProblemCodes.InternalError } or { Status: >= 500 and not StatusCodes.Status503ServiceUnavailable } => Problem.Internal(),
        { Code: ProblemCodes.ExecutorUnavailable or ProblemCodes.Draining } =>
            Problem.ExecutorUnavailable("No executor can answer now. Try again in a moment."),
        _ => Problem.Result(refused.Status, refused.Code, refused.Detail, refused.Field, refused.RetryAfter, budget: refused.Budget),
    };

    [LoggerMessage(LogLevel.Warning, "An executor did not answer a call in time")]
    private partial void LogLate();

    [LoggerMessage(LogLevel.Warning, "An executor could not be reached for a call: {Error}")]
    private partial void LogUnreachable(HttpRequestError error);
}
