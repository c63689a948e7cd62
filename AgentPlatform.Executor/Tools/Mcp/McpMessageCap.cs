using System.Net.Mime;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>Bounds what an HTTP server can make this process keep in memory: one JSON body, or one event of a stream.</summary>
internal sealed class McpMessageCap : DelegatingHandler
{
    /// <summary>Bytes.</summary>
    public const int Most = 8 * 1024 * 1024;

    private const int NewlinesAfterEvent = 2;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var events = response.Content.Headers.ContentType?.MediaType == MediaTypeNames.Text.EventStream;
        var body = new StreamContent(new CappedStream(await response.Content.ReadAsStreamAsync(cancellationToken), Most, events ? NewlinesAfterEvent : null));
        foreach (var header in response.Content.Headers)
        {
            body.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        response.Content = body;
        return response;
    }
}
