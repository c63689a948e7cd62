using System.Net;

namespace AgentPlatform.Executor.Tools.Outgoing;

/// <summary>Judges each request before it looks for a connection, and tells a refused connection from a broken one.</summary>
internal sealed class OutgoingHandler(OutgoingHosts allowed, SocketsHttpHandler connections) : DelegatingHandler(connections)
{
    /// <exception cref="OutgoingRefusedException">It goes to a place it may not reach; nothing was sent.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        OutgoingUrl.Check(request.RequestUri!, allowed);

        // HTTP/3 opens its connections without asking anybody.
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        request.Version = request.Version.Major > 2 ? HttpVersion.Version20 : request.Version;
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.InnerException is OutgoingRefusedException refusal)
        {
            throw new OutgoingRefusedException(refusal.Message, exception);
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Outgoing requests are asynchronous.");
}
