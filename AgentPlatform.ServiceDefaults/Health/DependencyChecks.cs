using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace AgentPlatform.ServiceDefaults.Health;

/// <summary>
/// Gives the checks that the store registrations bring the names of the resources and their weight: <c>agentdb</c> is required,
/// <c>cache</c> never is. The names on the left are the ones Aspire's client integrations use, and ours beside them.
/// </summary>
internal sealed class DependencyChecks(TimeProvider timeProvider) : IPostConfigureOptions<HealthCheckServiceOptions>
{
    internal const string RedisCheck = "StackExchange.Redis";
    private const string DbContextSuffix = "DbContext";

    public void PostConfigure(string? name, HealthCheckServiceOptions options)
    {
        foreach (var registration in options.Registrations)
        {
            if (registration.Name.StartsWith(RedisCheck, StringComparison.Ordinal))
            {
                registration.Name = ResourceNames.Cache;
                registration.FailureStatus = HealthStatus.Degraded;
            }
            else if (registration.Name.EndsWith(DbContextSuffix, StringComparison.Ordinal))
            {
                registration.Name = ResourceNames.Database;
                registration.Tags.Add(HealthTags.Required);
            }

            var factory = registration.Factory;
            registration.Factory = services => new DeadlineHealthCheck(factory(services), timeProvider);
        }
    }
}
