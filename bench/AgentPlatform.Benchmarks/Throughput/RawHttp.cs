namespace AgentPlatform.Benchmarks.Throughput;

/// <summary>HTTP with nothing around it.</summary>
internal static class RawHttp
{
    public static HttpClient NewClient(int connections) => new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = connections,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
    });
}
