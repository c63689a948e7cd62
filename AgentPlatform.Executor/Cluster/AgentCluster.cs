using AgentPlatform.Executor.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AgentPlatform.Executor.Cluster;

/// <summary>Registration of this executor as a silo of the executors' cluster.</summary>
internal static class AgentCluster
{
    /// <summary>
    /// Adds the silo with membership in Postgres, which needs <see cref="AgentStorage.AddAgentStorage"/>. Detection is tuned so that a
    /// killed executor is gone from the cluster after 2–3 s and a hung one after 3–6 s.
    /// </summary>
    public static IHostApplicationBuilder AddAgentCluster(this IHostApplicationBuilder builder, Action<ISiloBuilder>? configure = null)
    {
        builder.Services.AddOptions<AgentClusterOptions>()
            .BindConfiguration(AgentClusterOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        ClusterView.AddTo(builder.Services);
        builder.UseOrleans(silo =>
        {
            silo.Services.AddSingleton<IMembershipTable, PostgresMembershipTable>();
            silo.Services.Replace(ServiceDescriptor.Singleton<IFatalErrorHandler>(services =>
                new DeadSiloExit(Environment.Exit, services.GetRequiredService<ILogger<DeadSiloExit>>())));
            silo.Services.AddSingleton<IConfigureOptions<EndpointOptions>, SiloEndpoints>();
            silo.Services.AddOptions<ClusterOptions>().Configure<IOptions<AgentClusterOptions>>((cluster, options) =>
                cluster.ServiceId = cluster.ClusterId = options.Value.ClusterId);
            silo.Configure<ClusterMembershipOptions>(ConfigureMembership);
            silo.Configure<SiloMessagingOptions>(ConfigureMessaging);
            silo.Configure<ClientMessagingOptions>(ConfigureMessaging);
            silo.Configure<GrainCollectionOptions>(collection =>
            {
                collection.CollectionAge = TimeSpan.FromMinutes(1);
                collection.CollectionQuantum = TimeSpan.FromSeconds(15);
            });
            silo.AddActivityPropagation();
            configure?.Invoke(silo);
        });
        return builder;
    }

    private static void ConfigureMembership(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.MinProbeTimeout = TimeSpan.FromMilliseconds(500);
        membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
        membership.NumMissedProbesLimit = 2;
        // A stopped process keeps its connections, which this check takes for life: it would be noticed after a minute only.
        membership.EnableConnectionLivenessCheck = false;
        // Gossip is fast; whoever missed it reads the table.
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);
        // After a crash of all silos their rows still say Active. They must look stale soon, or they hold up those who join.
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(1);
        membership.NumMissedTableIAmAliveLimit = 3;
        membership.MaxJoinAttemptTime = TimeSpan.FromMinutes(1);
        membership.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
        membership.DefunctSiloExpiration = TimeSpan.FromHours(2);
    }

    private static void ConfigureMessaging(MessagingOptions messaging)
    {
        messaging.ResponseTimeout = TimeSpan.FromSeconds(30);
        messaging.CancelRequestOnTimeout = true;
    }
}
