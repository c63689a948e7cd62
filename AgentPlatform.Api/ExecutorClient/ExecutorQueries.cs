using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Json;
using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Sessions;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>
/// Looks up and administers what executors keep. Answers are read into the types they claim to be before anything is passed
/// on. A request that certainly did nothing (there was no connection) or could do nothing (a GET) is sent once more, which
/// service discovery directs to the next executor; all of it within one deadline.
/// </summary>
internal sealed partial class ExecutorQueries(
    IHttpClientFactory clients, IOptions<ExecutorClientOptions> options, TimeProvider timeProvider, ILogger<ExecutorQueries> logger)
{
    private const int Attempts = 2;

    private readonly HttpClient _http = clients.CreateClient(ExecutorClientRegistration.CallsClient);
    private readonly TimeSpan _deadline = options.Value.LookUpDeadline;

    public Task<OrProblem<RunView>> RunAsync(string tenant, Guid runId, CancellationToken cancellationToken) =>
        ReadAsync<RunView>(() => Request(HttpMethod.Get, tenant, $"runs/{runId}"), cancellationToken);

    public Task<OrProblem<Page<RunSummary>>> RunsAsync(string tenant, QueryString query, CancellationToken cancellationToken) =>
        ReadAsync<Page<RunSummary>>(() => Request(HttpMethod.Get, tenant, $"runs{query}"), cancellationToken);

    public Task<OrProblem<Page<SessionView>>> SessionsAsync(string tenant, QueryString query, CancellationToken cancellationToken) =>
        ReadAsync<Page<SessionView>>(() => Request(HttpMethod.Get, tenant, $"sessions{query}"), cancellationToken);

    public Task<OrProblem<SessionView>> SessionAsync(string tenant, string sessionId, CancellationToken cancellationToken) =>
        ReadAsync<SessionView>(() => Request(HttpMethod.Get, tenant, Session(sessionId)), cancellationToken);

    public Task<OrProblem<Page<TurnView>>> TurnsAsync(string tenant, string sessionId, QueryString query, CancellationToken cancellationToken) =>
        ReadAsync<Page<TurnView>>(() => Request(HttpMethod.Get, tenant, $"{Session(sessionId)}/turns{query}"), cancellationToken);

    public Task<OrProblem<SessionView>> CreateSessionAsync(string tenant, NewSession session, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(session, PublicJson.Options);
        return ReadAsync<SessionView>(() => WithJson(Request(HttpMethod.Post, tenant, "sessions"), body), cancellationToken);
    }

    /// <returns>Null when it is gone.</returns>
    public async Task<ProblemHttpResult?> DeleteSessionAsync(string tenant, string sessionId, CancellationToken cancellationToken) =>
        (await SendAsync(() => Request(HttpMethod.Delete, tenant, Session(sessionId)), static (_, _) => Task.FromResult(true), cancellationToken)).Problem;

    public Task<OrProblem<SessionState>> StateAsync(string tenant, string sessionId, CancellationToken cancellationToken) =>
        ReadAsync<SessionState>(() => Request(HttpMethod.Get, tenant, $"{Session(sessionId)}/state"), cancellationToken);

    /// <param name="conditions"><c>If-Match</c> and <c>If-None-Match</c> of these are passed on.</param>
    public Task<OrProblem<SessionState>> PutStateAsync(
        string tenant, string sessionId, byte[] document, IHeaderDictionary conditions, CancellationToken cancellationToken)
    {
        return ReadAsync<SessionState>(Put, cancellationToken);

        HttpRequestMessage Put()
        {
            var request = WithJson(Request(HttpMethod.Put, tenant, $"{Session(sessionId)}/state"), document);
            foreach (var condition in (string[])["If-Match", "If-None-Match"])
            {
                if (conditions.TryGetValue(condition, out var values))
                {
                    request.Headers.TryAddWithoutValidation(condition, values.AsEnumerable());
                }
            }

            return request;
        }
    }

    private Task<OrProblem<T>> ReadAsync<T>(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
        where T : notnull =>
        SendAsync(
            request,
            static async (content, token) => await content.ReadFromJsonAsync<T>(WireJson.Options, token)
                ?? throw new JsonException($"The executor answered null where a {typeof(T).Name} belongs."),
            cancellationToken);

    private async Task<OrProblem<T>> SendAsync<T>(
        Func<HttpRequestMessage> request, Func<HttpContent, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
        where T : notnull
    {
        using var deadline = new CancellationTokenSource(_deadline, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var response = await SendTwiceAsync(request, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                return await PassOnAsync(response, either.Token);
            }

            return await read(response.Content, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogLate(_deadline);
            return Problem.ExecutorUnavailable("No executor answered in time. Try again in a moment.");
        }
        catch (HttpRequestException failure)
        {
            LogUnreachable(failure.HttpRequestError);
            return Problem.ExecutorUnavailable("No executor can be reached now. Try again in a moment.");
        }
    }

    private async Task<HttpResponseMessage> SendTwiceAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = make();
            try
            {
                return await _http.SendAsync(request, cancellationToken);
            }
            catch (Exception failure) when (attempt < Attempts && !cancellationToken.IsCancellationRequested && MayRepeat(request.Method, failure))
            {
            }
        }
    }

    /// <summary>A cancellation that is nobody's here is the handler's own connect timeout.</summary>
    private static bool MayRepeat(HttpMethod method, Exception failure) => failure switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => true,
        HttpRequestException => method == HttpMethod.Get,
        OperationCanceledException => true,
        _ => false,
    };

    /// <summary>
    /// Refusals (4xx) and a deliberate 503 keep status, code and sentence; any other failure becomes a neutral one of ours,
    /// so that nothing of the inside gets out.
    /// </summary>
    private async Task<ProblemHttpResult> PassOnAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var refused = await ExecutorProblem.ReadAsync(response, timeProvider, cancellationToken);
        return refused switch
        {
            { Code: ProblemCodes.InternalError } or { Status: >= 500 and not StatusCodes.Status503ServiceUnavailable } => Problem.Internal(),
            { Code: ProblemCodes.ExecutorUnavailable } => Problem.ExecutorUnavailable("No executor can answer now. Try again in a moment."),
            _ => Problem.Result(refused.Status, refused.Code, refused.Detail, refused.Field, refused.RetryAfter),
        };
    }

    private static HttpRequestMessage Request(HttpMethod method, string tenant, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add(InternalWire.TenantHeader, tenant);
        return request;
    }

    private static HttpRequestMessage WithJson(HttpRequestMessage request, byte[] body)
    {
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        return request;
    }

    private static string Session(string sessionId) => $"sessions/{Uri.EscapeDataString(sessionId)}";

    [LoggerMessage(LogLevel.Warning, "No executor answered a look-up within {Deadline}")]
    private partial void LogLate(TimeSpan deadline);

    [LoggerMessage(LogLevel.Warning, "No executor could be reached for a look-up: {Error}")]
    private partial void LogUnreachable(HttpRequestError error);
}
