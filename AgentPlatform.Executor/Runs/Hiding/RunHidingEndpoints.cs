using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Audit;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Runs.Hiding;

/// <summary><c>POST /runs/{id}/hide</c>.</summary>
internal static class RunHidingEndpoints
{
    public static IServiceCollection AddRunHiding(this IServiceCollection services)
    {
        services.TryAddSingleton<HiddenRuns>();
        return services.AddAudit();
    }

    public static IEndpointRouteBuilder MapRunHiding(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapTenantGroup("/runs").MapPost("/{id}/hide", HideAsync).WithAudit(AuditActions.RunHidden);
        return endpoints;
    }

    private static async Task<Results<NoContent, ExecutorProblem>> HideAsync(
        CallerTenant tenant, string id, HiddenRuns runs, CancellationToken cancellationToken)
    {
        return Guid.TryParse(id, out var runId) && await runs.HideAsync(tenant.Id, runId, cancellationToken)
            ? TypedResults.NoContent()
            : ExecutorProblems.RunNotFound(id);
    }
}
