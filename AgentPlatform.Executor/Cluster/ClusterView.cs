using AgentPlatform.ServiceDefaults.Health;

namespace AgentPlatform.Executor.Cluster;

/// <summary>The cluster as this executor sees it: on its <c>/health</c>, so that people can tell whether all executors see the same.</summary>
/// <param name="Version">Counts the changes of membership.</param>
/// <param name="Silos">Those it takes for alive, in order.</param>
internal sealed record ClusterView(long Version, IReadOnlyList<string> Silos)
{
    public static IServiceCollection AddTo(IServiceCollection services) => services.AddHealthField(
        "cluster", (provider, _) => ValueTask.FromResult<object?>(Of(provider.GetRequiredService<IClusterMembershipService>().CurrentSnapshot)));

    private static ClusterView Of(ClusterMembershipSnapshot snapshot) => new(
        snapshot.Version.Value,
        [.. snapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress.ToParsableString()).Order(StringComparer.Ordinal)]);
}
