using System.Globalization;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Paging;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Sessions.Queries;

/// <summary>Sessions and their turns, read.</summary>
internal static class SessionQueryEndpoints
{
    public static IServiceCollection AddSessionQueries(this IServiceCollection services)
    {
        services.TryAddSingleton<SessionList>();
        return services;
    }

    public static RouteGroupBuilder MapSessionQueries(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapTenantGroup("/sessions");
        group.MapGet("/", ListAsync);
        group.MapGet("/{id}", GetAsync);
        group.MapGet("/{id}/turns", TurnsAsync);
        return group;
    }

    private static async Task<Results<JsonHttpResult<Page<SessionView>>, ExecutorProblem>> ListAsync(
        CallerTenant tenant, HttpRequest request, SessionList sessions, CancellationToken cancellationToken)
    {
        if (!SessionFilter.TryParse(request.Query, out var filter, out var problem))
        {
            return problem;
        }

        return TypedResults.Json(await sessions.ListAsync(tenant.Id, filter, cancellationToken), WireJson.Options);
    }

    private static async Task<Results<JsonHttpResult<SessionView>, ExecutorProblem>> GetAsync(
        CallerTenant tenant, string id, SessionList sessions, CancellationToken cancellationToken)
    {
        var session = await sessions.FindAsync(tenant.Id, id, cancellationToken);
        if (session is null)
        {
            return ExecutorProblems.SessionNotFound(id);
        }

        return TypedResults.Json(session, WireJson.Options);
    }

    private static async Task<Results<JsonHttpResult<Page<TurnView>>, ExecutorProblem>> TurnsAsync(
        CallerTenant tenant, string id, HttpRequest request, SessionList sessions, CancellationToken cancellationToken)
    {
        if (!PageRequest.TryParse(request.Query, out var page, out var problem))
        {
            return problem;
        }

        var before = 0;
        if (page.After is not null && !int.TryParse(page.After, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            return PageRequest.BadCursor;
        }

        var turns = await sessions.TurnsAsync(tenant.Id, id, page.After is null ? null : before, page.Limit, cancellationToken);
        if (turns is null)
        {
            return ExecutorProblems.SessionNotFound(id);
        }

        return TypedResults.Json(turns, WireJson.Options);
    }
}
