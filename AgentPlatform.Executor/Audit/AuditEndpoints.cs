using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Paging;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Audit;

/// <summary><c>GET /audit</c>: who did what in a tenant; <c>POST /audit/denied</c>: whom the API refused.</summary>
internal static class AuditEndpoints
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<AuditTrail>();
        return services;
    }

    public static void MapAudit(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapTenantGroup("/audit").MapGet("/", ListAsync);
        endpoints.MapPost("/audit/denied", DeniedAsync).AddEndpointFilter<DatabaseDeadline>();
    }

    private static async Task<Results<JsonHttpResult<Page<AuditEvent>>, ExecutorProblem>> ListAsync(
        CallerTenant tenant, HttpRequest request, AuditTrail trail, CancellationToken cancellationToken)
    {
        if (!PageRequest.TryParse(request.Query, out var page, out var problem))
        {
            return problem;
        }

        var after = Guid.Empty;
        if (page.After is not null && !Guid.TryParse(page.After, out after))
        {
            return PageRequest.BadCursor;
        }

        var events = await trail.ListAsync(tenant.Id, page.After is null ? null : after, page.Limit + 1, cancellationToken);
        return TypedResults.Json(PageCut.At(events, page.Limit, each => each, each => each.Id.ToString()), WireJson.Options);
    }

    private static async Task<Results<NoContent, ExecutorProblem>> DeniedAsync(HttpRequest request, AuditTrail trail, CancellationToken cancellationToken)
    {
        if (await request.ReadWireAsync<DeniedAccess[]>() is not { } denied || denied.Any(each => each is null || !TenantNames.IsValid(each.TenantId)))
        {
            return ExecutorProblems.Unreadable("The body must list who was refused.");
        }

        foreach (var each in denied)
        {
            await trail.RecordAsync(each.TenantId, each.Actor, AuditActions.AccessDenied, each.Target, each.TraceId);
        }

        return TypedResults.NoContent();
    }
}
