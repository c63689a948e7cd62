using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Executor.Retention;

/// <summary>Section <c>Retention</c>: how long what has ended is kept.</summary>
internal sealed class RetentionOptions
{
    public const string Section = "Retention";

    public bool Enabled { get; set; } = true;

    /// <summary>Ended runs, and sessions nobody has asked anything in, go after so many days.</summary>
    [Range(1, 36_500)]
    public int Days { get; set; } = 30;

    /// <summary>Audit events go after so many days.</summary>
    [Range(1, 36_500)]
    public int AuditDays { get; set; } = 365;

    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Rows of one statement: what runs wait for when they meet a sweep.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 200;

    /// <summary>Between two statements, so that a sweep never has the database to itself.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Pause { get; set; } = TimeSpan.FromMilliseconds(100);
}
