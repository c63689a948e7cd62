using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Executor.Runs;

/// <summary>Section <c>Runs</c>.</summary>
internal sealed class RunOptions
{
    public const string Section = "Runs";

    /// <summary>Runs one executor works on at a time; one more is refused with 503.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrent { get; set; } = 1_000;

    /// <summary>Messages that may wait for their turn in one session; one more is refused with 503.</summary>
    [Range(0, 1_000)]
    public int MaxQueuedPerSession { get; set; } = 16;

    /// <summary>Newest turns read when a session is loaded; the agent's context budget chooses among them.</summary>
    [Range(1, 1_000)]
    public int HistoryWindow { get; set; } = 50;

    /// <summary>How long open runs may finish after the process was told to stop.</summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>A foreground run that nobody asks about for so long has nobody left to answer, and is stopped. Followers ask at least once a second.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan UnwatchedFor { get; set; } = TimeSpan.FromSeconds(10);
}
