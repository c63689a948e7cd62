using System.Buffers;
using System.Security.Cryptography;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Runs.Explaining;
using AgentPlatform.Executor.Runs.Hiding;
using AgentPlatform.Executor.Runs.Outcomes;
using AgentPlatform.Executor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Runs.Queries;

/// <summary>Runs, read: one with every step, or pages of them.</summary>
internal static class RunQueryEndpoints
{
    /// <summary>Clients repeat by themselves within seconds; later an equal request is another one.</summary>
    private static readonly TimeSpan RepeatedWithin = TimeSpan.FromMinutes(10);

    public static IServiceCollection AddRunQueries(this IServiceCollection services)
    {
        services.TryAddSingleton<RunList>();
        services.TryAddSingleton<RunLookup>();
        return services.AddToolOutcomes().AddRunHiding().AddRunExplaining();
    }

    public static RouteGroupBuilder MapRunQueries(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapTenantGroup("/runs");
        group.MapGet("/", ListAsync);
        group.MapGet("/{id}", GetAsync);
        group.MapGet("/repeated/{hash}", RepeatedAsync);
        endpoints.MapToolOutcomes();
        endpoints.MapRunHiding();
        endpoints.MapRunExplaining();
        return group;
    }

    private static async Task<Results<JsonHttpResult<Page<RunSummary>>, ExecutorProblem>> ListAsync(
        CallerTenant tenant, HttpRequest request, RunList runs, CancellationToken cancellationToken)
    {
        if (!RunFilter.TryParse(request.Query, out var filter, out var problem))
        {
            return problem;
        }

        return TypedResults.Json(await runs.ListAsync(tenant.Id, filter, cancellationToken), WireJson.Options);
    }

    private static async Task<Results<JsonHttpResult<RunView>, ExecutorProblem>> GetAsync(
        CallerTenant tenant, string id, RunLookup runs, CancellationToken cancellationToken)
    {
        var run = Guid.TryParse(id, out var runId)
            ? await runs.FindAsync(tenant.Id, runId, cancellationToken)
            : null;
        if (run is null)
        {
            return ExecutorProblems.RunNotFound(id);
        }

        return TypedResults.Json(run, WireJson.Options);
    }

    /// <summary>The run that a repeated request began before, if it did so a short while ago.</summary>
    private static async Task<Results<JsonHttpResult<RepeatedRun>, ExecutorProblem>> RepeatedAsync(
        CallerTenant tenant, string hash, RunLookup runs, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var bytes = new byte[SHA256.HashSizeInBytes];
        if (Convert.FromHexString(hash, bytes, out _, out var written) != OperationStatus.Done || written != bytes.Length)
        {
            return ExecutorProblems.Invalid("hash", "'hash' must be a SHA-256 in hexadecimal digits.");
        }

        var since = timeProvider.GetUtcNow() - RepeatedWithin;
        return TypedResults.Json(
            new RepeatedRun(await runs.FindRepeatedAsync(tenant.Id, bytes, since, cancellationToken)), WireJson.Options);
    }
}
