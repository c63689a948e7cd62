using AgentPlatform.Executor.Runs.Background;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Runs;

/// <summary>Registration of the run engine.</summary>
internal static class RunsRegistration
{
    public static IHostApplicationBuilder AddRuns(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RunOptions>().BindConfiguration(RunOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<BackgroundOptions>().BindConfiguration(BackgroundOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<BackgroundPlaces>();
        services.AddSingleton<RunGate>();
        services.AddSingleton<ExecutorLifetime>();
        services.AddSingleton<RunRulesCatalogue>();
        services.AddSingleton<ModelStep>();
        services.AddSingleton<AgentLoop>();
        services.AddSingleton<DrivenRuns>();
        services.AddSingleton<RunDriver>();
        services.AddSingleton<Rehearsal>();
        services.AddHostedService<OrphanScanner>();
        services.AddHostedService<DrainingService>();
        services.AddHostedService<ExecutorReadiness>();
        return builder;
    }
}
