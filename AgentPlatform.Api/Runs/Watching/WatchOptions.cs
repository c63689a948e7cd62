using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Api.Runs.Watching;

/// <summary>How runs are watched.</summary>
internal sealed class WatchOptions
{
    public const string Section = "Watching";

    /// <summary>About how much of one run's stream is kept for all its watchers together. Who falls further behind reads from an executor alone.</summary>
    [Range(1, 1024L * 1024 * 1024)]
    public long BufferBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>A stream that has nothing to say says so this often, so that nothing on the way takes it for dead.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(3);
}
