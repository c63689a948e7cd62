using AgentPlatform.Core.ChatModels.OpenAICompatible;
using AgentPlatform.Core.Faults;
using AgentPlatform.ServiceDefaults.Resilience;
using AgentPlatform.ServiceDefaults.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Core.ChatModels;

public static class ChatModelRegistration
{
    /// <summary>
    /// Adds <see cref="ChatModelCatalogue"/> and <see cref="ModelCaller"/>. The models are built when the host starts, before it
    /// serves; a mistake in the settings or an endpoint that cannot say its model's name stops the start with the setting's name.
    /// </summary>
    public static IServiceCollection AddChatModels(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => SecretMask.Of(configuration));
        services.TryAddSingleton<ChatModelCatalogue>();
        services.AddCircuits();
        services.TryAddSingleton<ModelGuards>();
        services.TryAddSingleton(provider => new ModelCaller(
            provider.GetRequiredService<ModelGuards>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ModelCaller>>()));
        services.TryAddSingleton<ModelDiscovery>();
        services.TryAddSingleton<FaultInjection>();
        services.TryAddSingleton<OpenAIChatClients>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ChatModelStart>(provider => new ChatModelStart(
            configuration,
            provider.GetRequiredService<ChatModelCatalogue>(),
            provider.GetRequiredService<OpenAIChatClients>(),
            provider.GetRequiredService<ModelDiscovery>(),
            provider.GetRequiredService<FaultInjection>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ChatModelStart>>())));
        services.AddModelHttpClient();
        return services;
    }
}
