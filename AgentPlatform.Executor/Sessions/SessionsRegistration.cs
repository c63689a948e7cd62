using AgentPlatform.Executor.Sessions.Administration;
using AgentPlatform.Executor.Sessions.Queries;
using AgentPlatform.Executor.Sessions.State;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Sessions;

/// <summary>Sessions as the API administers and reads them, and as their writer loads them.</summary>
internal static class SessionsRegistration
{
    public static IServiceCollection AddSessionStorage(this IServiceCollection services)
    {
        services.TryAddSingleton<SessionStore>();
        return services.AddSessionQueries().AddSessionAdministration().AddSessionState();
    }

    public static IEndpointRouteBuilder MapSessions(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapSessionQueries();
        endpoints.MapSessionAdministration();
        endpoints.MapSessionState();
        return endpoints;
    }
}
