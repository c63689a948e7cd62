using AgentPlatform.Executor.Agents.Files;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Agents;

/// <summary>Registration of the agents.</summary>
internal static class AgentRegistration
{
    /// <summary>
    /// The catalogue, its reload and its stored versions. Needs <c>AddTools()</c> and <c>AddAgentStorage()</c>.
    /// </summary>
    /// <param name="models">Tells the names of the configured models and the settings of each.</param>
    public static IServiceCollection AddAgents(this IServiceCollection services, Func<IServiceProvider, AgentModels> models)
    {
        services.AddOptions<AgentOptions>()
            .BindConfiguration(AgentOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(models);
        services.TryAddSingleton<AgentFolder>();
        services.TryAddSingleton<AgentVersionStore>();
        services.TryAddSingleton<AgentCatalogue>();
        // Hosted services are made before any of them starts; the models an agent may name are known after some have.
        services.TryAddSingleton(provider => new Lazy<AgentCatalogue>(provider.GetRequiredService<AgentCatalogue>));
        services.AddHostedService<AgentWatcher>();
        services.AddHostedService<DocumentRefresher>();
        services.AddHostedService<AgentVersionRecorder>();
        return services;
    }
}
