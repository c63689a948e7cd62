using AgentPlatform.ServiceDefaults.Health;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>
/// <c>/alive</c>: the process runs. <c>/ready</c>: this replica may get traffic (probes, load balancers). <c>/health</c>: every
/// dependency by name, for people and alerts; it decides over no traffic, so that a lost dependency does not take replicas out of
/// service that can still answer from the cache or the ladder.
/// </summary>
public static class HealthEndpoints
{
    internal static void AddHealthReport(this IServiceCollection services)
    {
        services.AddHealthChecks();
        services.TryAddSingleton<ReadinessGate>();
        services.TryAddSingleton<HealthReporter>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<HealthCheckServiceOptions>, DependencyChecks>());
        services.AddHostedService<ReadinessLifetime>();
    }

    /// <summary>What probes and load balancers ask for: open to all.</summary>
    public static IEndpointRouteBuilder MapDefaultEndpoints(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetService<HealthReporter>() is null)
        {
            throw new InvalidOperationException("MapDefaultEndpoints needs builder.AddServiceDefaults().");
        }

        var group = app.MapGroup("").WithTags("Operations").AllowAnonymous().DisableHttpMetrics();
        group.MapGet(DefaultPaths.Alive, Alive)
            .WithSummary("Does the process run?")
            .Produces<ProcessResponse>();
        group.MapGet(DefaultPaths.Ready, Ready)
            .WithSummary("May this replica get traffic?")
            .WithDescription("503 while the replica starts or drains.")
            .Produces<ProcessResponse>()
            .Produces<ProcessResponse>(StatusCodes.Status503ServiceUnavailable);
        return app;
    }

    /// <summary>It names dependencies and models, so who may see it is the service's choice.</summary>
    public static IEndpointConventionBuilder MapHealth(this IEndpointRouteBuilder app) =>
        app.MapGet(DefaultPaths.Health, HealthAsync)
            .WithTags("Operations")
            .DisableHttpMetrics()
            .WithSummary("How are the service and its dependencies?")
            .WithDescription("503 when a dependency is down that the service cannot do without. At most a second old.")
            .Produces<HealthResponse>()
            .Produces<HealthResponse>(StatusCodes.Status503ServiceUnavailable);

    private static JsonHttpResult<ProcessResponse> Alive() => TypedResults.Json(new ProcessResponse("ok"), OperationsJson.Options);

    private static JsonHttpResult<ProcessResponse> Ready(ReadinessGate gate) => TypedResults.Json(
        new ProcessResponse(gate.State), OperationsJson.Options,
        statusCode: gate.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);

    private static async Task<JsonHttpResult<HealthResponse>> HealthAsync(
        HealthReporter reporter, HttpResponse response, CancellationToken cancellationToken)
    {
        var health = await reporter.GetAsync(cancellationToken);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Json(
            health, OperationsJson.Options,
            statusCode: health.Status == HealthReporter.Down ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }
}
