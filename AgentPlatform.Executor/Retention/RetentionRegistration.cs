using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Retention;

/// <summary>Registration of retention.</summary>
internal static class RetentionRegistration
{
    public static IHostApplicationBuilder AddRetention(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<RetentionSweep>();
        builder.Services.AddHostedService<RetentionWorker>();
        return builder;
    }
}
