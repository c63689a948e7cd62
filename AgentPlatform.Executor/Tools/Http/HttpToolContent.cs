using System.Net;
using System.Net.Http.Headers;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>
/// A request's body, possibly empty, that tells when something of the request may reach the server: a connection
/// serialises the content before it sends its first byte. It has a second use. A request without content is sent again by
/// the handler itself when the server closes the connection without a word, whatever the method; one with content never is.
/// So a <c>write</c> always has one.
/// </summary>
internal sealed class HttpToolContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Action _begins;

    public HttpToolContent(HttpPayload? body, Action begins)
    {
        _bytes = body?.Bytes ?? default;
        _begins = begins;
        if (body is not null)
        {
            Headers.ContentType = new MediaTypeHeaderValue(body.MediaType);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _begins();
        return stream.WriteAsync(_bytes, cancellationToken).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
