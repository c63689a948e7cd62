using System.Net.Mime;
using Microsoft.OpenApi;

namespace AgentPlatform.Api.Hosting;

internal static class MetricsEndpoints
{
    /// <summary><c>GET /metrics</c>: Prometheus text, or <see cref="MetricsTotals"/> for a caller who prefers JSON.</summary>
    public static IEndpointConventionBuilder MapMetricsAndTotals(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMetrics(MetricsTotals.Of).AddOpenApiOperationTransformer(async (operation, context, cancellationToken) =>
        {
            if (operation.Responses?["200"].Content is { } content)
            {
                content[MediaTypeNames.Application.Json] = new OpenApiMediaType
                {
                    Schema = await context.GetOrCreateSchemaAsync(typeof(MetricsTotals), parameterDescription: null, cancellationToken),
                };
            }
        });
}
