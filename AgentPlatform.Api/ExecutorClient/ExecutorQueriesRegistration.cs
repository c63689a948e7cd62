using AgentPlatform.ServiceDefaults;

namespace AgentPlatform.Api.ExecutorClient;

internal static class ExecutorQueriesRegistration
{
    /// <summary>The client of the executor's look-ups. It has no blanket resilience handler: <see cref="ExecutorQueries"/> knows what may be repeated.</summary>
    public static IServiceCollection AddExecutorQueries(this IServiceCollection services)
    {
        services.AddOptions<ExecutorQueryOptions>()
            .BindConfiguration(ExecutorQueryOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddHttpClient<ExecutorQueries>(client =>
        {
            client.BaseAddress = new Uri($"https+http://{ResourceNames.Executor}");
            client.Timeout = Timeout.InfiniteTimeSpan;
        });
        return services;
    }
}
