using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AgentPlatform.Executor.Tools.Http;
using AgentPlatform.Executor.Tools.Outgoing;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>Fetches documents, through the guarded door and with redirects, up to a size and within a time.</summary>
internal sealed class OpenApiFetch : IDisposable
{
    private readonly HttpClient _client;
    private readonly OpenApiOptions _options;
    private readonly TimeProvider _time;

    public OpenApiFetch(OutgoingHttp outgoing, IOptions<OpenApiOptions> options, TimeProvider time)
    {
        (_options, _time) = (options.Value, time);
        _client = new HttpClient(outgoing.NewHandler(new OutgoingHosts(_options.AllowedHosts))) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("AgentPlatform");
        _client.DefaultRequestHeaders.Accept.ParseAdd("application/openapi+json, application/openapi+yaml;q=0.9, application/json;q=0.9, */*;q=0.5");
        // Compressed bodies would have to be bounded twice.
        _client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("identity");
    }

    /// <summary>The text with its tag; null when it still is what had this tag.</summary>
    /// <exception cref="OpenApiUnusableException">It cannot be had; the message says why.</exception>
    public async Task<(string Text, EntityTagHeaderValue? Tag)?> GetAsync(Uri uri, EntityTagHeaderValue? tag, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.FetchDeadline, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var response = await OutgoingRedirects.FollowAsync(uri, (next, token) => AskAsync(next, tag, token), both.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.NotModified when tag is not null => null,
                HttpStatusCode.OK => (await ReadAsync(response.Content, both.Token), response.Headers.ETag),
                var status => throw new OpenApiUnusableException($"its server answered HTTP {(int)status}"),
            };
        }
        catch (OutgoingRefusedException exception)
        {
            throw new OpenApiUnusableException($"{exception.Message.TrimEnd('.')} ({OpenApiOptions.Section}:AllowedHosts)", exception);
        }
        catch (Exception exception) when (HttpFailure.IsOne(exception))
        {
            throw new OpenApiUnusableException(HttpFailure.Cause(exception), exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OpenApiUnusableException("its server did not answer in time", exception);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> AskAsync(Uri uri, EntityTagHeaderValue? tag, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (tag is not null)
        {
            request.Headers.IfNoneMatch.Add(tag);
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private async Task<string> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (HttpBody.IsEncoded(content))
        {
            throw new OpenApiUnusableException("its server sent it compressed, though that was not asked for");
        }

        var buffer = new byte[_options.MaxDocumentBytes + 1];
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return read < buffer.Length
            ? Encoding.UTF8.GetString(buffer, 0, read)
            : throw new OpenApiUnusableException($"it is larger than {_options.MaxDocumentBytes} bytes");
    }
}
