using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Sessions.Forking;

/// <summary><c>POST /sessions/{id}/fork</c>: a conversation goes on from a turn in its middle, in a session of its own.</summary>
internal static class SessionForkEndpoints
{
    public static IServiceCollection AddSessionForks(this IServiceCollection services)
    {
        services.TryAddSingleton<SessionForks>();
        return services;
    }

    public static IEndpointRouteBuilder MapSessionForks(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapTenantGroup("/sessions").MapPost("/{id}/fork", ForkAsync);
        return endpoints;
    }

    private static async Task<Results<NoContent, ExecutorProblem>> ForkAsync(
        HttpContext http, CallerTenant tenant, string id, SessionForks forks, CancellationToken cancellationToken)
    {
        if (await http.Request.ReadWireAsync<SessionFork>() is not { } fork || !SessionIds.IsValid(fork.SessionId))
        {
            return ExecutorProblems.Unreadable("The body must be a fork.");
        }

        return await forks.ForkAsync(tenant.Id, id, fork, cancellationToken) switch
        {
            SessionForkResult.Forked => TypedResults.NoContent(),
            SessionForkResult.TurnOpen => ExecutorProblems.TurnOpen(),
            _ => ExecutorProblems.RunNotFound(fork.RunId.ToString()),
        };
    }
}
