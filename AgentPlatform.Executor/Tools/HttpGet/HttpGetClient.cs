using System.Net;
using System.Reflection;
using AgentPlatform.Executor.Tools.Http;
using AgentPlatform.ServiceDefaults.Resilience;
using Microsoft.Extensions.Options;
using Microsoft.Security.AntiSSRF;
using Polly;
using Polly.CircuitBreaker;

namespace AgentPlatform.Executor.Tools.HttpGet;

/// <summary>
/// Fetches a URL that a model chose. Every connection goes where the address, checked as the socket connects, is a
/// public one; hosts allowed by name have a client of their own, so that no pooled connection crosses over. Redirects
/// are followed here, each held against the same rules. No proxy, no cookies, no credentials.
/// It is built by hand, not by the client factory: defaults meant for services (discovery, retries) have no place here.
/// </summary>
internal sealed class HttpGetClient : IDisposable
{
    private const int MaxRedirects = 5;

    /// <summary>Shorter than the tool's deadline, so that a silent server is known as one.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);

    private readonly HttpClient _public;
    private readonly HttpClient _allowed;
    private readonly HashSet<string> _allowedHosts;
    private readonly HttpToolBulkheads _bulkheads;
    private readonly Circuits _circuits;
    private readonly TimeProvider _time;

    public HttpGetClient(IOptions<HttpGetOptions> options, HttpToolBulkheads bulkheads, Circuits circuits, TimeProvider time)
    {
        (_bulkheads, _circuits, _time) = (bulkheads, circuits, time);
        var policy = new AntiSSRFPolicy(PolicyConfigOptions.ExternalOnlyLatest) { AllowPlainTextHttp = true };
        var guarded = policy.GetHandler();
        guarded.AllowAutoRedirect = false;
        guarded.UseCookies = false;
        guarded.ConnectTimeout = TimeSpan.FromSeconds(5);
        guarded.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
        _public = Client(guarded);
        _allowed = Client(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        });
        _allowedHosts = options.Value.AllowedHosts.ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The response after redirects, its headers read, its body not.</summary>
    /// <exception cref="ToolException">The URL may not or cannot be fetched.</exception>
    public async Task<HttpResponseMessage> GetAsync(string url, ToolCallContext call, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url.Trim(), UriKind.Absolute, out var uri))
        {
            throw Refused("This is not an absolute URL. Give one such as https://example.org/page.");
        }

        for (var redirects = 0; ; redirects++)
        {
            Check(uri);
            var response = await SendAsync(uri, call, cancellationToken);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            if (redirects == MaxRedirects)
            {
                throw new ToolException($"The page redirects more than {MaxRedirects} times.");
            }

            uri = Uri.TryCreate(uri, location, out var next) ? next : throw new ToolException("The page redirects to something that is not a URL.");
        }
    }

    public void Dispose()
    {
        _public.Dispose();
        _allowed.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(Uri uri, ToolCallContext call, CancellationToken cancellationToken)
    {
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
        catch (AntiSSRFException exception)
        {
            throw NotPublic(uri, exception);
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
        var client = IsAllowedByName(uri) ? _allowed : _public;
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        IdempotencyHeader.Add(request, call);
        using var limit = new CancellationTokenSource(AnswerWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(null, exception);
        }
    }

    /// <summary>A refused address is no failure of a server, and neither is a page that is not there.</summary>
    private static bool ServerFailed(Outcome<object> outcome) =>
        outcome.Exception is { } exception
            ? exception is TimeoutException || (exception is not AntiSSRFException && HttpFailure.IsOne(exception))
            : outcome.Result is HttpResponseMessage { StatusCode: HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError };

    private static void Check(Uri uri)
    {
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
        {
            throw Refused("Only http and https URLs may be fetched.");
        }

        if (uri.UserInfo.Length > 0)
        {
            throw Refused("A URL with a user name or password may not be fetched.");
        }

        if (uri.IdnHost.Length == 0)
        {
            throw Refused("The URL names no host.");
        }

        // "Any address" reaches this machine on some systems; resolving it is an argument error on all.
        if (IPAddress.TryParse(uri.IdnHost, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
        {
            throw NotPublic(uri);
        }
    }

    private bool IsAllowedByName(Uri uri) =>
        _allowedHosts.Contains($"{uri.IdnHost}:{uri.Port}") || (uri.IsDefaultPort && _allowedHosts.Contains(uri.IdnHost));

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private static ToolException NotPublic(Uri uri, Exception? inner = null) =>
        Refused($"{uri.IdnHost} is not a public address and may not be fetched.", inner);

    private static ToolException Refused(string message, Exception? inner = null) => new(message, ToolErrorKind.Refused, inner);

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
