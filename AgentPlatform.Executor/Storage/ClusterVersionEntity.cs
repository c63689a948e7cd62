namespace AgentPlatform.Executor.Storage;

/// <summary>Row of <c>cluster_version</c>: counts the changes of one cluster's membership, and serialises them.</summary>
internal sealed class ClusterVersionEntity
{
    public required string ClusterId { get; set; }
    public int Version { get; set; }
}
