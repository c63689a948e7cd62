using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Runs.Queries;
using AgentPlatform.Executor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Runs.Explaining;

/// <summary><c>GET /runs/{id}/explain</c>.</summary>
internal static class ExplainEndpoints
{
    public static IServiceCollection AddRunExplaining(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<FindAgentVersion>(provider => provider.GetRequiredService<AgentCatalogue>().LoadVersionAsync);
        return services;
    }

    public static RouteGroupBuilder MapRunExplaining(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapTenantGroup("/runs/{id}/explain");
        group.MapGet("/", ExplainAsync);
        return group;
    }

    private static async Task<Results<JsonHttpResult<RunExplanation>, ExecutorProblem>> ExplainAsync(
        CallerTenant tenant, string id, RunLookup runs, FindAgentVersion find, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var run = Guid.TryParse(id, out var runId)
            ? await runs.LoadAsync(tenant.Id, runId, cancellationToken)
            : null;
        if (run is null || run.Events is not [RunStarted { Seq: 1 } started, ..])
        {
            return ExecutorProblems.RunNotFound(id);
        }

        var agent = await find(started.Agent, started.AgentVersion, cancellationToken);
        return TypedResults.Json(RunExplainer.Explain(runId, run.Events, run.Row.Degraded, agent, timeProvider.GetUtcNow()), WireJson.Options);
    }
}

/// <summary>The definition a run began with; null when it is not known any more.</summary>
internal delegate Task<AgentDefinition?> FindAgentVersion(string name, string version, CancellationToken cancellationToken);
