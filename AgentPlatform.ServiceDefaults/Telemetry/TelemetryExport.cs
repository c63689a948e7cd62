using AgentPlatform.ServiceDefaults.Health;
using AgentPlatform.ServiceDefaults.Secrets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AgentPlatform.ServiceDefaults.Telemetry;

/// <summary>
/// Traces, metrics and logs over OTLP, when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set (the Aspire dashboard sets it). When it is not,
/// no provider is built at all: an instrumentation that listens for nobody would cost a run a tenth of its CPU budget.
/// </summary>
internal static class TelemetryExport
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServiceName = "OTEL_SERVICE_NAME";

    /// <summary>The MCP library's spans and metrics.</summary>
    private const string McpSource = "Experimental.ModelContextProtocol";

    /// <summary>Aspire's store clients build providers of their own unless told not to.</summary>
    private static readonly KeyValuePair<string, string?>[] AspireClientsUntraced =
    [
        new("Aspire:StackExchange:Redis:DisableTracing", "true"),
        new("Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:DisableTracing", "true"),
        new("Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:DisableMetrics", "true"),
    ];

    internal static bool ExportsTelemetry(this IHostApplicationBuilder builder) => !string.IsNullOrWhiteSpace(builder.Configuration[Endpoint]);

    internal static void AddTelemetryExport(this IHostApplicationBuilder builder)
    {
        if (!builder.ExportsTelemetry())
        {
            builder.AddFloor(AspireClientsUntraced);
            return;
        }

        builder.Services.TryAddSingleton<IExternalScopeProvider>(static provider => new MaskedScopes(provider.GetRequiredService<SecretMask>()));
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
            logs.AddProcessor(provider => new MaskedLogs(provider.GetRequiredService<SecretMask>()));
        });
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                builder.Configuration[ServiceName] ?? builder.Environment.ApplicationName, autoGenerateServiceInstanceId: false))
            .WithTracing(AddSources)
            .WithMetrics(AddMeters)
            .UseOtlpExporter();
    }

    private static void AddSources(TracerProviderBuilder tracing) => tracing
        .AddAspNetCoreInstrumentation(options => options.Filter = IsTraced)
        .AddHttpClientInstrumentation()
        .AddNpgsql()
        .AddSource("Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application")
        .AddSource(McpSource)
        .AddSource(AgentActivity.ChatSourceName)
        .AddSource(AgentActivity.SourceName, AgentActivity.SourceName + ".*")
        .AddProcessor(provider => new MaskedSpans(provider.GetRequiredService<SecretMask>()));

    private static void AddMeters(MeterProviderBuilder metrics) => metrics
        .AddAspNetCoreInstrumentation()
        .AddHttpClientInstrumentation()
        .AddRuntimeInstrumentation()
        .AddNpgsqlInstrumentation()
        .AddMeter("Microsoft.Orleans")
        .AddMeter(McpSource)
        .AddMeter(AgentActivity.ChatSourceName)
        .AddMeter(AgentMetrics.MeterName);

    /// <summary>Probes and scrapes come every second and say nothing.</summary>
    private static bool IsTraced(HttpContext context) => !DefaultPaths.Contains(context.Request.Path);
}
