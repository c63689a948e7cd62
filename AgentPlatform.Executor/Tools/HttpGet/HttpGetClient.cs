using System.Net;
using System.Reflection;
using AgentPlatform.Executor.Tools.Http;
using AgentPlatform.Executor.Tools.Outgoing;
using AgentPlatform.ServiceDefaults.Resilience;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;

namespace AgentPlatform.Executor.Tools.HttpGet;

/// <summary>
/// Fetches a URL that a model chose, through the guarded door (<see cref="OutgoingHttp"/>), redirects included.
/// It is built by hand, not by the client factory: defaults meant for services (discovery, retries) have no place here.
/// </summary>
internal sealed class HttpGetClient : IDisposable
{
    /// <summary>Shorter than the tool's deadline, so that a silent server is known as one.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);

    private readonly OutgoingHosts _allowed;
    private readonly HttpClient _client;
    private readonly HttpToolBulkheads _bulkheads;
    private readonly Circuits _circuits;
    private readonly TimeProvider _time;

    public HttpGetClient(
        IOptions<HttpGetOptions> options, OutgoingHttp outgoing, HttpToolBulkheads bulkheads, Circuits circuits, TimeProvider time)
    {
        (_bulkheads, _circuits, _time) = (bulkheads, circuits, time);
        _allowed = new OutgoingHosts(options.Value.AllowedHosts);
        _client = Client(outgoing.NewHandler(_allowed));
    }

    /// <summary>The response after redirects, its headers read, its body not.</summary>
    /// <exception cref="ToolException">The URL may not or cannot be fetched.</exception>
    public async Task<HttpResponseMessage> GetAsync(string url, ToolCallContext call, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url.Trim(), UriKind.Absolute, out var uri))
        {
            throw new ToolException("This is not an absolute URL. Give one such as https://example.org/page.", ToolErrorKind.Refused);
        }

        try
        {
            return await OutgoingRedirects.FollowAsync(uri, (next, token) => SendAsync(next, call, token), cancellationToken);
        }
        catch (OutgoingRefusedException exception)
        {
            throw new ToolException(exception.Message, ToolErrorKind.Refused, exception);
        }
        catch (HttpRequestException exception)
        {
            throw new ToolException(exception.Message, innerException: exception);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri uri, ToolCallContext call, CancellationToken cancellationToken)
    {
        // Before a place or a circuit is made for a host that may not be asked.
        OutgoingUrl.Check(uri, _allowed);
        using var place = await _bulkheads.EnterAsync(uri.Authority, cancellationToken);
        if (!place.IsAcquired)
        {
            throw new ToolException($"{uri.IdnHost} was not asked: too many requests wait for it. Try again later.");
        }

        try
        {
            return await _circuits.OfUnlisted(Hops.Tool, uri.Authority, ServerFailed).ExecuteAsync(
                token => new ValueTask<HttpResponseMessage>(AskAsync(uri, call, token)), cancellationToken);
        }
        catch (BrokenCircuitException exception)
        {
            throw new ToolException(
                $"The server {uri.IdnHost} does not answer at the moment. Go on without it, or try again later.", innerException: exception);
        }
        catch (TimeoutException exception)
        {
            throw new ToolException($"{uri.IdnHost} did not answer in time.", ToolErrorKind.Timeout, exception);
        }
        catch (Exception exception) when (HttpFailure.IsOne(exception))
        {
            throw new ToolException($"{uri.IdnHost} could not be reached: {HttpFailure.Cause(exception)}.", innerException: exception);
        }
    }

    /// <exception cref="TimeoutException">Nothing came in time, or no connection.</exception>
    private async Task<HttpResponseMessage> AskAsync(Uri uri, ToolCallContext call, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        IdempotencyHeader.Add(request, call);
        using var limit = new CancellationTokenSource(AnswerWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(null, exception);
        }
    }

    /// <summary>A refused address is no failure of a server, and neither is a page that is not there.</summary>
    private static bool ServerFailed(Outcome<object> outcome) =>
        outcome.Exception is { } exception
            ? exception is TimeoutException || HttpFailure.IsOne(exception)
            : outcome.Result is HttpResponseMessage { StatusCode: HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError };

    private static HttpClient Client(HttpMessageHandler handler)
    {
        var version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(2);
        var client = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd($"AgentPlatform/{version} (http_get)");
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html, text/plain, application/json, application/xml;q=0.9, text/*;q=0.8");
        // Compressed bodies would have to be bounded twice.
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("identity");
        return client;
    }
}
