using AgentPlatform.ServiceDefaults.Health;
using AgentPlatform.ServiceDefaults.Metrics;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.AspNetCore.Builder;

/// <summary>GET /metrics: Prometheus text, or JSON for a caller that prefers it where the service offers one.</summary>
public static class MetricsEndpoint
{
    private const string PrometheusText = "text/plain; version=0.0.4; charset=utf-8";

    internal static void AddAgentMetrics(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<AgentMetrics>();
        services.TryAddSingleton<MetricsBridge>();
    }

    /// <param name="app">The service.</param>
    /// <param name="json">The body for <c>Accept: application/json</c>; without it every caller gets the text.</param>
    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder app, Func<MetricsSnapshot, object>? json = null)
    {
        // Made here, before the first request: what happens before the bridge listens is not counted.
        var bridge = app.ServiceProvider.GetService<MetricsBridge>()
            ?? throw new InvalidOperationException("MapMetrics needs builder.AddServiceDefaults().");
        Delegate handler = (HttpContext context) => WriteAsync(context, bridge, json);
        return app.MapGet(DefaultPaths.Metrics, handler)
            .WithSummary("The process's metrics")
            .WithDescription("Prometheus text (0.0.4); with Accept: application/json the totals as one JSON object, where the service offers them.")
            .WithTags("Operations")
            .Produces<string>(StatusCodes.Status200OK, "text/plain", "application/json")
            .DisableHttpMetrics();
    }

    private static Task WriteAsync(HttpContext context, MetricsBridge bridge, Func<MetricsSnapshot, object>? json)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (json is not null && PrefersJson(context.Request))
        {
            return context.Response.WriteAsJsonAsync(json(new MetricsSnapshot(bridge)), OperationsJson.Options, context.RequestAborted);
        }

        context.Response.ContentType = PrometheusText;
        return bridge.WriteTextAsync(context.Response.Body, context.RequestAborted);
    }

    /// <summary>JSON is named, and no text type is named at least as high. A Prometheus server names only text types.</summary>
    private static bool PrefersJson(HttpRequest request)
    {
        var (json, text) = (0.0, 0.0);
        foreach (var range in request.GetTypedHeaders().Accept)
        {
            var quality = range.Quality ?? 1.0;
            json = range.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) ? Math.Max(json, quality) : json;
            text = range.MediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) ? Math.Max(text, quality) : text;
        }

        return json > text;
    }
}
