using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Audit;
using AgentPlatform.Executor.Budgets;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Sessions.Administration;

/// <summary>Sessions, made and removed.</summary>
internal static class SessionAdministrationEndpoints
{
    /// <summary>A <see cref="RemoveSession"/> registered before takes the place of the plain removal.</summary>
    public static IServiceCollection AddSessionAdministration(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddBudgetBook();
        services.AddAudit();
        services.TryAddSingleton<SessionCreation>();
        services.TryAddSingleton<SessionRemoval>();
        services.TryAddSingleton<RemoveSession>(provider => provider.GetRequiredService<SessionRemoval>().RemoveAsync);
        return services;
    }

    public static RouteGroupBuilder MapSessionAdministration(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapTenantGroup("/sessions");
        group.MapPost("/", CreateAsync);
        group.MapDelete("/{id}", DeleteAsync).WithAudit(AuditActions.SessionDeleted);
        return group;
    }

    private static async Task<Results<JsonHttpResult<SessionView>, ExecutorProblem>> CreateAsync(
        CallerTenant tenant, NewSession body, SessionCreation sessions, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var sessionId = body.SessionId ?? SessionIds.New(timeProvider);
        if (!SessionIds.IsValid(sessionId))
        {
            return ExecutorProblems.Invalid("session_id", SessionIds.Rule);
        }

        var session = await sessions.CreateAsync(tenant.Id, sessionId, body.User, body.Metadata, cancellationToken);
        if (session is null)
        {
            return ExecutorProblems.SessionExists(sessionId);
        }

        return TypedResults.Json(session, WireJson.Options, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<Results<NoContent, ExecutorProblem>> DeleteAsync(
        CallerTenant tenant, string id, RemoveSession remove, CancellationToken cancellationToken) =>
        await remove(tenant.Id, id, cancellationToken) switch
        {
            SessionRemovalResult.Removed => TypedResults.NoContent(),
            SessionRemovalResult.NotFound => ExecutorProblems.SessionNotFound(id),
            _ => ExecutorProblems.SessionBusy(id),
        };
}
