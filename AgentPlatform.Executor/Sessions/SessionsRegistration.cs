using AgentPlatform.Executor.Runs.Outcomes;
using AgentPlatform.Executor.Sessions.Administration;
using AgentPlatform.Executor.Sessions.Forking;
using AgentPlatform.Executor.Sessions.Queries;
using AgentPlatform.Executor.Sessions.State;
using AgentPlatform.Executor.Sessions.Verification;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Sessions;

/// <summary>Sessions as the API administers and reads them, and as their writer loads them.</summary>
internal static class SessionsRegistration
{
    public static IServiceCollection AddSessionStorage(this IServiceCollection services)
    {
        services.TryAddSingleton<SessionStore>();
        services.TryAddSingleton<CutOffTurns>();
        services.AddToolOutcomes();
        return services.AddSessionQueries().AddSessionAdministration().AddSessionState().AddSessionForks().AddSessionVerification();
    }

    public static IEndpointRouteBuilder MapSessions(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapSessionQueries();
        endpoints.MapSessionAdministration();
        endpoints.MapSessionState();
        endpoints.MapSessionForks();
        endpoints.MapSessionVerification();
        return endpoints;
    }
}
