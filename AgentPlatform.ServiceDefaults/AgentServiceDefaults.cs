using AgentPlatform.ServiceDefaults;
using AgentPlatform.ServiceDefaults.Lifetime;
using AgentPlatform.ServiceDefaults.Logging;
using AgentPlatform.ServiceDefaults.Resilience;
using AgentPlatform.ServiceDefaults.Secrets;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// What both services have in common, by one call: JSON logs, OpenTelemetry, metrics, health and readiness, service discovery,
/// an orderly stop. The endpoints come with <c>app.MapDefaultEndpoints()</c> and <c>app.MapMetrics()</c>.
/// </summary>
public static class AgentServiceDefaults
{
    /// <summary>Call first, before the stores: it decides whether they are traced.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, Action<ServiceDefaultsOptions>? configure = null)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(_ => SecretMask.Of(builder.Configuration));
        builder.Services.AddOptions<ServiceDefaultsOptions>()
            .Configure(options => configure?.Invoke(options))
            .BindConfiguration(ServiceDefaultsOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();

        builder.AddJsonLogging();
        builder.AddTelemetryExport();
        builder.Services.AddAgentMetrics();
        builder.Services.AddHealthReport();
        builder.Services.AddCircuits();
        builder.Services.ConfigureOptions<RedisDefaults>();
        builder.AddParentWatch();
        AddHttpClientDefaults(builder.Services);
        AddServerDefaults(builder.Services);
        return builder;
    }

    /// <summary>
    /// Service discovery for every client; resilience is each client's own: the blanket standard handler repeats POSTs and would
    /// run an agent twice. The factory's four log lines per request are replaced by the trace.
    /// </summary>
    private static void AddHttpClientDefaults(IServiceCollection services)
    {
        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery().RemoveAllLoggers());
    }

    private static void AddServerDefaults(IServiceCollection services)
    {
        services.AddOptions<HostOptions>().Configure<IOptions<ServiceDefaultsOptions>>(
            (host, options) => host.ShutdownTimeout = options.Value.ShutdownTimeout);
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ServiceDefaultsOptions>>((kestrel, options) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Value.MaxRequestBodyBytes;
        });

        // Handlers here never block, so they may go on where the bytes arrived: each question is spared several changes of thread.
        services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
    }
}
