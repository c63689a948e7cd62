using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Executor.Cluster;

/// <summary>Section <c>Orleans</c>: where this executor's silo is reached. Whoever reaches these ports is trusted: keep them private.</summary>
internal sealed class AgentClusterOptions
{
    public const string Section = "Orleans";

    /// <summary>Executors of one cluster share the database and this.</summary>
    [Required]
    public string ClusterId { get; set; } = "agentplatform";

    /// <summary>Port between silos; 0 takes a free one, as several executors on one machine need.</summary>
    [Range(0, 65_535)]
    public int SiloPort { get; set; }

    /// <summary>Port for Orleans clients; 0 takes a free one.</summary>
    [Range(0, 65_535)]
    public int GatewayPort { get; set; }

    /// <summary>Address the other silos reach this one at. Unset: loopback in Development, else the host's own.</summary>
    public string? AdvertisedIp { get; set; }
}
