using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Audit;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Tenants.Data;

/// <summary>All that a tenant has: to take along, and to be rid of.</summary>
internal static partial class TenantDataEndpoints
{
    public static IServiceCollection AddTenantData(this IServiceCollection services)
    {
        services.AddOptions<TenantDataOptions>().BindConfiguration(TenantDataOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<TenantExport>();
        services.TryAddSingleton<TenantRows>();
        services.TryAddSingleton(OpenRuns.Cancel);
        services.TryAddSingleton<TenantRemover>();
        return services;
    }

    /// <summary>Without the short deadline of the other endpoints: both take their time, and have limits of their own.</summary>
    public static void MapTenantData(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/tenant").AddEndpointFilter<TenantRequired>();
        group.MapGet("/export", ExportAsync);
        group.MapDelete("/", RemoveAsync);
    }

    private static async Task<Results<EmptyHttpResult, ExecutorProblem>> ExportAsync(
        HttpContext http, CallerTenant tenant, CallerActor actor, TenantExport exports, AuditTrail trail, ILogger<TenantExport> logger, CancellationToken cancellationToken)
    {
        var (opened, refused) = await exports.OpenAsync(tenant.Id, cancellationToken);
        if (opened is null)
        {
            return refused!;
        }

        await using var export = opened;
        await trail.RecordAsync(tenant.Id, actor.Name, AuditActions.TenantExported, tenant.Id);
        http.Response.ContentType = InternalWire.FramesContentType;
        if (!await export.WriteAsync(http.Response.Body, cancellationToken))
        {
            LogBrokeOff(logger, tenant.Id);
            // Whoever reads it sees that it did not come to its end.
            http.Abort();
        }

        return TypedResults.Empty;
    }

    private static async Task<Results<JsonHttpResult<TenantRemoval>, ExecutorProblem>> RemoveAsync(
        CallerTenant tenant, CallerActor actor, TenantRemover remover, CancellationToken cancellationToken)
    {
        if (tenant.Id == AgentVersionEntity.PlatformTenant)
        {
            return ExecutorProblems.Invalid("confirm", "What belongs to the platform itself cannot be removed.");
        }

        var (removed, refused) = await remover.RemoveAsync(tenant.Id, actor.Name).WaitAsync(cancellationToken);
        return removed is null ? refused! : TypedResults.Json(removed, WireJson.Options);
    }

    [LoggerMessage(EventId = 1, EventName = "tenant_export_broke_off", Level = LogLevel.Warning, Message = "The export of tenant {TenantId} broke off: it took too long, or its reader took nothing")]
    private static partial void LogBrokeOff(ILogger logger, string tenantId);
}
