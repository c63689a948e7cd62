using AgentPlatform.Executor.Tools.Pins;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>Registration of the tools that MCP servers offer.</summary>
internal static class McpTools
{
    /// <summary>Needs Postgres for what was accepted, as soon as there is a server.</summary>
    public static IServiceCollection AddMcpTools(this IServiceCollection services)
    {
        services.TryAddSingleton<ToolSecrets>();
        services.AddOptions<McpSettings>()
            .BindConfiguration(McpSettings.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<McpServersOptions>().Configure<IConfiguration, ToolSecrets>(McpServersOptions.Read).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<McpServersOptions>, McpServersOptions>());
        services.TryAddSingleton<ToolPins>();
        services.TryAddSingleton<McpConnector>();
        services.TryAddSingleton<McpCallerFactory>();
        services.TryAddSingleton<McpServers>();

        // No resilience handler: it would repeat calls. Streams stay open as long as a session lasts.
        services.AddHttpClient(McpConnector.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(Handler)
            .AddHttpMessageHandler(() => new McpMessageCap())
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        return services;
    }

    private static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        // Shorter than servers keep idle connections: a call sent as the server closes would end unknown.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2),
    };
}
