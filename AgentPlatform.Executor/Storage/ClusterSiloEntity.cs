namespace AgentPlatform.Executor.Storage;

/// <summary>Row of <c>cluster_silos</c>: one member of the executors' cluster, present or past.</summary>
internal sealed class ClusterSiloEntity
{
    public required string ClusterId { get; set; }

    /// <summary>Address and generation in Orleans' parsable form.</summary>
    public required string Silo { get; set; }

    /// <summary>Orleans' word for where the silo stands.</summary>
    public required string Status { get; set; }

    /// <summary>jsonb object: everything else Orleans keeps about the silo.</summary>
    public required string Entry { get; set; }

    /// <summary>Cluster version that last wrote this row; heartbeats leave it.</summary>
    public int Etag { get; set; }

    /// <summary>The silo's last heartbeat, on its own clock.</summary>
    public DateTimeOffset AliveAt { get; set; }

    /// <summary>When something other than the heartbeat last changed, on the database's clock.</summary>
    public DateTimeOffset ChangedAt { get; set; }
}
