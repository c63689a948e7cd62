using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>How patient the front is with the executors.</summary>
internal sealed class ExecutorClientOptions
{
    public const string Section = "ExecutorClient";

    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>An executor says something each second; after this long without a line it is taken for gone.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long an executor that was silent, stopping or not to be reached is passed over while there are others; then one request tries it.
    /// Zero: never.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan PassOverFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to look for an executor that takes a run which none has taken.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StartWithin { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long to look for a run that an executor may have taken before contact was lost: a killed executor's runs are
    /// taken over within 5 s, a hung one's within 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ReattachWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause before the first new attempt; it doubles up to <see cref="LongestPause"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMilliseconds(50);

    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the catalogue of agents is used before asking whether it changed.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan CatalogueAge { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a question waits for the catalogue.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan CatalogueDeadline { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a degraded answer waits for its session to take note of it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan ReportDeadline { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long looking something up may take, from the first attempt to the last byte. The executor gives its database 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan LookUpDeadline { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long checking a session may take: it reads every turn.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan VerifyDeadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to look for an executor that accepts a background run.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan AcceptWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to look for a watched run that was found before, until its watchers are told that nobody can be reached.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan WatchWithin { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an answer that stands under an idempotency key waits for being written down. The answer is delivered also when it was not.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan SettleDeadline { get; set; } = TimeSpan.FromSeconds(3);
}
