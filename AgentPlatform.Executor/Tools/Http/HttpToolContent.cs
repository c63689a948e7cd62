using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>
/// A request's body, possibly empty, that tells when something of the request may reach the server: a connection
/// serialises the content before it sends its first byte. It has a second use. A request without content is sent again by
/// the handler itself when the server closes the connection without a word, whatever the method; one with content never is.
/// So a <c>write</c> always has one.
/// </summary>
internal sealed class HttpToolContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _json;
    private readonly Action _begins;

    public HttpToolContent(ReadOnlyMemory<byte> json, Action begins)
    {
        _json = json;
        _begins = begins;
        if (!json.IsEmpty)
        {
            Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _begins();
        return stream.WriteAsync(_json, cancellationToken).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _json.Length;
        return true;
    }
}
