using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Api.Hosting;

/// <summary>Section <c>Connections</c>: how many the API holds, and how long it waits for what arrives slowly on them.</summary>
internal sealed class ConnectionOptions
{
    public const string Section = "Connections";

    /// <summary>
    /// Open at a time, streams included; one more is closed at once. Not set: 10,000, or three quarters of the descriptors that the process may have if
    /// that is less, so that there are some left for Redis, executors and models.
    /// </summary>
    [Range(10, 1_000_000)]
    public int? Max { get; set; }

    /// <summary>The headers of a request must have arrived within this after its first byte, else 408.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan HeadersWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A body must arrive at this rate at least, once <see cref="BodyGrace"/> has passed, else 408.</summary>
    [Range(1, 1024 * 1024)]
    public int BodyBytesPerSecond { get; set; } = 4096;

    /// <summary>What is read of large bodies in a second, of all of them together: what is behind the first 64 KiB of each.</summary>
    [Range(2 * 1024 * 1024, 1024 * 1024 * 1024)]
    public int LargeBodyBytesPerSecond { get; set; } = 16 * 1024 * 1024;

    [Range(typeof(TimeSpan), "00:00:02", "00:05:00")]
    public TimeSpan BodyGrace { get; set; } = TimeSpan.FromSeconds(10);
}
