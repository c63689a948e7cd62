using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Core.AnswerCache;

public static class AnswerCacheRegistration
{
    /// <summary>Adds <see cref="AnswerCache"/>; it takes the <c>IConnectionMultiplexer</c> that the Redis registration offers.</summary>
    public static IServiceCollection AddAnswerCache(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<AnswerCache>();
        services.AddOptions<AnswerCacheOptions>()
            .BindConfiguration(AnswerCacheOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        return services;
    }
}
