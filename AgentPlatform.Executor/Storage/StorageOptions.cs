using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Executor.Storage;

/// <summary>Section <c>Storage</c>: how the executor holds its connections to Postgres.</summary>
internal sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>Connections for the journal, leases and cluster membership.</summary>
    [Range(2, 100)]
    public int WriterPoolSize { get; set; } = 8;

    /// <summary>Connections for every other query.</summary>
    [Range(1, 500)]
    public int ApplicationPoolSize { get; set; } = 20;

    /// <summary>A commit that takes longer counts as lost and is asked about again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan WriterCommandTimeout { get; set; } = TimeSpan.FromSeconds(5);

    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ApplicationCommandTimeout { get; set; } = TimeSpan.FromSeconds(15);

    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(3);
}
