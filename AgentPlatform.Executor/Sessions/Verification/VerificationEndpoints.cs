using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Sessions.Verification;

/// <summary><c>POST /sessions/{id}/verify</c>: reports what was wrong with a session, and what was mended.</summary>
internal static class VerificationEndpoints
{
    public static IServiceCollection AddSessionVerification(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SessionChanged>((_, _) => Task.CompletedTask);
        services.TryAddSingleton<SessionRepair>();
        services.TryAddSingleton<StoredTurns>();
        services.TryAddSingleton<TurnVerification>();
        services.TryAddSingleton<SessionVerification>();
        return services;
    }

    /// <summary>Without the short deadline of the other endpoints: a long session takes its time, each of its statements a bounded one.</summary>
    public static RouteGroupBuilder MapSessionVerification(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/sessions/{id}/verify");
        group.AddEndpointFilter<TenantRequired>();
        group.MapPost("/", VerifyAsync);
        return group;
    }

    private static async Task<Results<JsonHttpResult<SessionReport>, ExecutorProblem>> VerifyAsync(
        CallerTenant tenant, string id, SessionVerification sessions, SessionChanged changed, CancellationToken cancellationToken)
    {
        if (await sessions.VerifyAsync(tenant.Id, id, cancellationToken) is not { } report)
        {
            return ExecutorProblems.SessionNotFound(id);
        }

        if (report.Findings.Count > 0)
        {
            await changed(tenant.Id, id);
        }

        return TypedResults.Json(report, WireJson.Options);
    }
}
