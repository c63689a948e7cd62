using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Audit;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Tenants.Data;

/// <summary>All that a tenant has: to take along, and to be rid of.</summary>
internal static class TenantDataEndpoints
{
    public static IServiceCollection AddTenantData(this IServiceCollection services)
    {
        services.TryAddSingleton<TenantExport>();
        services.TryAddSingleton<TenantRemover>();
        return services;
    }

    /// <summary>Without the short deadline of the other endpoints: both take their time.</summary>
    public static void MapTenantData(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/tenant").AddEndpointFilter<TenantRequired>();
        group.MapGet("/export", ExportAsync);
        group.MapDelete("/", RemoveAsync);
    }

    private static async Task ExportAsync(
        HttpContext http, CallerTenant tenant, CallerActor actor, TenantExport export, AuditTrail trail, CancellationToken cancellationToken)
    {
        await trail.RecordAsync(tenant.Id, actor.Name, AuditActions.TenantExported, tenant.Id);
        http.Response.ContentType = InternalWire.FramesContentType;
        await export.WriteAsync(tenant.Id, http.Response.Body, cancellationToken);
    }

    private static async Task<Results<JsonHttpResult<TenantRemoval>, ExecutorProblem>> RemoveAsync(
        CallerTenant tenant, CallerActor actor, TenantRemover remover, AuditTrail trail, CancellationToken cancellationToken)
    {
        if (tenant.Id == AgentVersionEntity.PlatformTenant)
        {
            return ExecutorProblems.Invalid("confirm", "What belongs to the platform itself cannot be removed.");
        }

        if (await remover.RemoveAsync(tenant.Id, cancellationToken) is not { } removal)
        {
            return ExecutorProblems.TenantBusy();
        }

        await trail.RecordAsync(tenant.Id, actor.Name, AuditActions.TenantDeleted, tenant.Id);
        return TypedResults.Json(removal, WireJson.Options);
    }
}
