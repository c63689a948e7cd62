namespace AgentPlatform.Executor.Tools.Outgoing;

/// <summary>
/// The door through which tools reach servers that a model, a document or another server named. What leaves by it goes to
/// public addresses, or to hosts allowed by name; with no proxy, which would resolve names by its own lights, no cookies
/// and no credentials of the machine. Redirects are not followed here: see <see cref="OutgoingRedirects"/>.
/// </summary>
internal sealed class OutgoingHttp(OutgoingNetwork network)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>A handler with connections of its own, so that what one list allows is no way out for another.</summary>
    /// <param name="idleTime">How long an unused connection is kept; the platform's default when left out.</param>
    public HttpMessageHandler NewHandler(OutgoingHosts allowed, TimeSpan? idleTime = null)
    {
        var connections = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            ConnectCallback = new OutgoingConnector(network, allowed).ConnectAsync,
        };
        connections.PooledConnectionIdleTimeout = idleTime ?? connections.PooledConnectionIdleTimeout;
        return new OutgoingHandler(allowed, connections);
    }
}
