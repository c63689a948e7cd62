using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Leases;

/// <summary>Registration of this process's lease and of claims on runs.</summary>
internal static class ExecutorLeases
{
    /// <summary>Adds <see cref="ExecutorLease"/> and <see cref="RunClaims"/>. Register it before whatever runs: it is released last.</summary>
    public static IHostApplicationBuilder AddExecutorLease(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LeaseOptions>()
            .BindConfiguration(LeaseOptions.Section)
            .ValidateDataAnnotations()
            .Validate(
                lease => lease.RenewEvery <= lease.Duration / 2,
                "Lease:RenewEvery must be at most half of Lease:Duration, or one slow renewal loses the lease.")
            .ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<LeaseRow>();
        builder.Services.TryAddSingleton<RunClaims>();
        if (builder.Services.All(service => service.ServiceType != typeof(ExecutorLease)))
        {
            builder.Services.AddSingleton<ExecutorLease>();
            builder.Services.AddHostedService(services => services.GetRequiredService<ExecutorLease>());
        }

        return builder;
    }
}
