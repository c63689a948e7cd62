using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Api.Degradation;

internal static class DegradationRegistration
{
    /// <summary>Adds the <see cref="Ladder"/>; it needs the answer cache and the chat models.</summary>
    public static IServiceCollection AddDegradation(this IServiceCollection services)
    {
        services.AddOptions<FallbackOptions>()
            .BindConfiguration(FallbackOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton<DirectModel>();
        services.TryAddSingleton<Ladder>();
        return services;
    }
}
