using System.Reflection;
using AgentPlatform.Executor.Tools.Outgoing;
using AgentPlatform.ServiceDefaults.Resilience;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>Registration of the tools that are HTTP endpoints named in the configuration.</summary>
internal static class HttpTools
{
    /// <summary>The client that connects to public addresses only, checked as the socket connects.</summary>
    public const string PublicOnly = "http_tools_public";

    /// <summary>The client of tools whose configuration allows their host to be private.</summary>
    public const string AnyAddress = "http_tools_any";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>Shorter than servers keep idle connections: a write sent as the server closes would end unknown.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(2);

    public static IServiceCollection AddHttpTools(this IServiceCollection services)
    {
        services.AddOptions<HttpToolsOptions>().Configure<IConfiguration>(HttpToolsOptions.Read).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HttpToolsOptions>, HttpToolsOptions>());
        services.AddOptions<HttpToolLimits>()
            .BindConfiguration(HttpToolLimits.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddCircuits();
        services.AddOutgoing();
        services.TryAddSingleton<HttpToolBulkheads>();
        services.TryAddSingleton<HttpToolExchange>();
        services.TryAddSingleton<HttpToolClient>();
        services.TryAddSingleton<HttpToolSet>();
        AddClient(services, PublicOnly, provider => provider.GetRequiredService<OutgoingHttp>().NewHandler(OutgoingHosts.None, IdleTime));
        AddClient(services, AnyAddress, _ => PlainHandler());
        return services;
    }

    // No resilience handler: it would repeat what must not be. The handlers recycle their connections themselves.
    public static void AddClient(IServiceCollection services, string name, Func<IServiceProvider, HttpMessageHandler> handler) =>
        services.AddHttpClient(name, Configure)
            .ConfigurePrimaryHttpMessageHandler(handler)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);

    private static void Configure(HttpClient client)
    {
        var version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(2);
        client.Timeout = Timeout.InfiniteTimeSpan;
        client.DefaultRequestHeaders.UserAgent.ParseAdd($"AgentPlatform/{version}");
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json, text/*;q=0.9, application/xml;q=0.8");
        // Compressed bodies would have to be bounded twice.
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("identity");
    }

    private static SocketsHttpHandler PlainHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        PooledConnectionIdleTimeout = IdleTime,
    };
}
