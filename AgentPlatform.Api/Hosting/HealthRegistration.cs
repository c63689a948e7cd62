using AgentPlatform.Core.ChatModels;
using AgentPlatform.ServiceDefaults;
using AgentPlatform.ServiceDefaults.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentPlatform.Api.Hosting;

/// <summary>What the API's <c>/health</c> shows beside its own stores.</summary>
internal static class HealthRegistration
{
    public static IServiceCollection AddApiHealth(this IServiceCollection services)
    {
        services.AddHealthChecks()
            .AddCheck<ExecutorHealth>(ResourceNames.Executor, HealthStatus.Degraded)
            .AddCheck<ExecutorHealth>(ResourceNames.Database, HealthStatus.Unhealthy, [HealthTags.Required]);
        return services.AddHealthField("models", (provider, _) =>
            ValueTask.FromResult<object?>(provider.GetRequiredService<ChatModelCatalogue>().Models));
    }
}
