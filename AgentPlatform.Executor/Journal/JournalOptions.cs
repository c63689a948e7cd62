using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Executor.Journal;

/// <summary>Section <c>Journal</c>: how appends of many runs share commits.</summary>
internal sealed class JournalOptions
{
    public const string Section = "Journal";

    /// <summary>Appends that may wait; more are held back at the caller.</summary>
    [Range(1, 1_000_000)]
    public int QueueCapacity { get; set; } = 10_000;

    /// <summary>Appends of one commit.</summary>
    [Range(1, 10_000)]
    public int BatchRows { get; set; } = 500;

    /// <summary>UTF-16 code units of events in one commit; a single larger append goes alone.</summary>
    [Range(1_024, 256 * 1024 * 1024)]
    public int BatchLength { get; set; } = 4 * 1024 * 1024;

    /// <summary>First pause after a failed commit; it doubles up to <see cref="MaxRetryDelay"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan MinRetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a cancelled caller still waits to learn what became of an append that is on its way.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan CancellationGrace { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a stopping process tries to commit what still waits.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
