using AgentPlatform.ServiceDefaults.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.ServiceDefaults.Resilience;

public static class CircuitRegistration
{
    /// <summary>Adds <see cref="Circuits"/> with their metrics. Safe to call by each hop that uses them.</summary>
    public static IServiceCollection AddCircuits(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(Circuits)))
        {
            return services;
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddAgentMetrics();
        services.AddOptions<CircuitOptions>()
            .BindConfiguration(CircuitOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<CircuitBoard>();
        services.AddSingleton<Circuits>();
        // For people to read. It decides nothing: a server that is left alone has something in its place.
        return services.AddHealthField("open_circuits", (provider, _) => ValueTask.FromResult<object?>(provider.GetRequiredService<CircuitBoard>().Open));
    }
}
