using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Sessions.State;

/// <summary>The JSON document of a session, under an ETag.</summary>
internal static class SessionStateEndpoints
{
    public static IServiceCollection AddSessionState(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SessionStateStore>();
        return services;
    }

    public static RouteGroupBuilder MapSessionState(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapTenantGroup("/sessions/{id}/state");
        group.MapGet("/", GetAsync);
        group.MapPut("/", PutAsync);
        return group;
    }

    private static async Task<Results<TaggedState, ExecutorProblem>> GetAsync(
        CallerTenant tenant, string id, SessionStateStore states, CancellationToken cancellationToken)
    {
        var state = await states.GetAsync(tenant.Id, id, cancellationToken);
        if (state is null)
        {
            return ExecutorProblems.SessionNotFound(id);
        }

        return new TaggedState(state);
    }

    private static async Task<Results<TaggedState, ExecutorProblem>> PutAsync(
        CallerTenant tenant, string id, StateDocument document, SessionStateStore states, HttpRequest request, CancellationToken cancellationToken)
    {
        if (!SessionIds.IsValid(id))
        {
            return ExecutorProblems.Invalid("session_id", SessionIds.Rule);
        }

        if (document.Json is not { } json)
        {
            return document.Problem!;
        }

        if (!StateCondition.TryParse(request.Headers, out var condition, out var problem))
        {
            return problem;
        }

        var state = await states.PutAsync(tenant.Id, id, json, condition, cancellationToken);
        if (state is null)
        {
            return ExecutorProblems.StateStale(id);
        }

        return new TaggedState(state);
    }
}
