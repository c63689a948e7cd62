using AgentPlatform.ServiceDefaults.Health;
using AgentPlatform.ServiceDefaults.Stores;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Redis as Aspire's client integration registers it, where that package is not to be had: same call, same services.</summary>
public static class RedisDistributedCache
{
    /// <summary>
    /// Registers <see cref="IConnectionMultiplexer"/> and <c>IDistributedCache</c> on <c>ConnectionStrings:{connectionName}</c>, with health
    /// check and traces. The connection is made in the background; the start never waits for it.
    /// </summary>
    public static void AddRedisDistributedCache(
        this IHostApplicationBuilder builder, string connectionName, Action<ConfigurationOptions>? configureOptions = null)
    {
        var connectionString = builder.Configuration.GetConnectionString(connectionName);
        builder.Services.TryAddSingleton<IOptionsFactory<ConfigurationOptions>>(services => new RedisOptionsFactory(
            connectionName, connectionString,
            services.GetServices<IConfigureOptions<ConfigurationOptions>>(),
            services.GetServices<IPostConfigureOptions<ConfigurationOptions>>(),
            services.GetServices<IValidateOptions<ConfigurationOptions>>()));
        builder.Services.Configure<ConfigurationOptions>(options => configureOptions?.Invoke(options));
        builder.Services.TryAddSingleton<IConnectionMultiplexer>(
            services => ConnectionMultiplexer.Connect(services.GetRequiredService<IOptions<ConfigurationOptions>>().Value));

        builder.Services.AddStackExchangeRedisCache(static _ => { });
        builder.Services.AddOptions<RedisCacheOptions>().Configure<IServiceProvider>((options, services) =>
            options.ConnectionMultiplexerFactory = () => Task.FromResult(services.GetRequiredService<IConnectionMultiplexer>()));

        builder.Services.AddHealthChecks().AddCheck<RedisHealthCheck>(DependencyChecks.RedisCheck);
        builder.Services.AddHostedService<RedisConnect>();
        if (builder.ExportsTelemetry())
        {
            builder.Services.AddHostedService<RedisTracing>();
        }
    }
}
