using AgentPlatform.Api.Degradation;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Faults;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.Runs;
using AgentPlatform.Api.Runs.Watching;
using AgentPlatform.Core.AnswerCache;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Api.Agent;

internal static class AgentRequestRegistration
{
    /// <summary>
    /// Adds <see cref="AgentRequestHandler"/> with the cache, the executor client and the ladder. The service defaults, the
    /// Redis connection and the chat models come from their own registrations.
    /// </summary>
    public static IServiceCollection AddAgentRequests(this IServiceCollection services)
    {
        services.AddAnswerCache();
        services.AddExecutorClient();
        services.AddDegradation();
        services.AddOptions<ThresholdOptions>()
            .BindConfiguration(ThresholdOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<WatchOptions>()
            .BindConfiguration(WatchOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton<FaultHeader>();
        services.TryAddSingleton<RunWatches>();
        services.TryAddSingleton<RequestTelemetry>();
        services.TryAddSingleton<AnswerKeeping>();
        services.TryAddSingleton<AnswerFlights>();
        services.TryAddSingleton<AgentRequestHandler>();
        services.TryAddSingleton<BackgroundRuns>();
        services.TryAddSingleton<IdempotencyClaims>();
        services.TryAddSingleton<KeyedRequests>();
        services.TryAddSingleton<KeyedQuestion>();
        return services;
    }
}
