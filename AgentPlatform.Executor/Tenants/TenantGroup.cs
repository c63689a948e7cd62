using AgentPlatform.Executor.Problems;

namespace AgentPlatform.Executor.Tenants;

/// <summary>A group of endpoints over the database, each for one tenant and with a bounded wait.</summary>
internal static class TenantGroup
{
    public static RouteGroupBuilder MapTenantGroup(this IEndpointRouteBuilder endpoints, string prefix)
    {
        var group = endpoints.MapGroup(prefix);
        group.AddEndpointFilter<TenantRequired>();
        group.AddEndpointFilter<DatabaseDeadline>();
        return group;
    }
}
