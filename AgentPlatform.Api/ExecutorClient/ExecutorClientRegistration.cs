using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using AgentPlatform.ServiceDefaults;
using AgentPlatform.ServiceDefaults.Resilience;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.ExecutorClient;

internal static class ExecutorClientRegistration
{
    /// <summary>For runs: as long as the run, repeated only by <see cref="RunClient"/>.</summary>
    public const string RunsClient = "executor-runs";

    /// <summary>For short calls with a deadline of their own.</summary>
    public const string CallsClient = "executor-calls";

    /// <summary>
    /// Adds the clients of the executor. Service discovery comes from the service defaults. Neither client has a resilience
    /// handler: a run is repeated by id, the other calls have something to fall back on.
    /// </summary>
    public static IServiceCollection AddExecutorClient(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ExecutorClientOptions>()
            .BindConfiguration(ExecutorClientOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddCircuits();
        services.TryAddSingleton<ExecutorEndpoints>();
        AddClient(services, RunsClient);
        services.AddHttpContextAccessor();
        AddClient(services, CallsClient).AddHttpMessageHandler(static provider => new ActorHandler(provider.GetRequiredService<IHttpContextAccessor>()));
        services.TryAddSingleton<RunExchange>();
        services.TryAddSingleton<RunClient>();
        services.TryAddSingleton<AgentDirectory>();
        services.TryAddSingleton<SessionReports>();
        services.TryAddSingleton<ExecutorCalls>();
        services.TryAddSingleton<ExecutorQueries>();
        services.TryAddSingleton<ExecutorCommands>();
        services.TryAddSingleton<TenantExports>();
        return services;
    }

    private static IHttpClientBuilder AddClient(IServiceCollection services, string name) => services
        .AddHttpClient(name, (provider, client) =>
        {
            client.BaseAddress = new Uri($"https+http://{ResourceNames.Executor}/");
            client.Timeout = Timeout.InfiniteTimeSpan;
            if (provider.GetRequiredService<IOptions<InternalKeyOptions>>().Value.Key is { } key)
            {
                client.DefaultRequestHeaders.Add(InternalWire.KeyHeader, key);
            }
        })
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
        .AddHttpMessageHandler(static provider => new FaultyExecutorHandler(provider.GetRequiredService<TimeProvider>()))
        // Service discovery stands between the two: one chooses again, the other sees what was chosen.
        .ConfigureAdditionalHttpMessageHandlers((handlers, provider) =>
        {
            handlers.Insert(0, new NextEndpointHandler(provider.GetRequiredService<ExecutorEndpoints>()));
            handlers.Add(new EndpointHandler(provider.GetRequiredService<ExecutorEndpoints>()));
        })
        .ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
        {
            ConnectTimeout = provider.GetRequiredService<IOptions<ExecutorClientOptions>>().Value.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        });
}
