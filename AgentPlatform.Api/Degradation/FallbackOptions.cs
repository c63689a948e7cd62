using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Api.Degradation;

/// <summary>How the ladder spends its time.</summary>
internal sealed class FallbackOptions
{
    public const string Section = "Fallback";

    /// <summary>How long after the request's <c>timeout</c> an answer must be there, whatever happened.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long after the request's <c>timeout</c> the executor may still say how the run ended.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Kept back from the rungs for telling the session and sending the answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan Reserve { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether the model may be called without tools.</summary>
    public bool DirectModel { get; set; } = true;

    /// <summary>The longest direct call, where the request's own time leaves more.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan DirectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Direct calls at one time in this process: with all executors gone every question comes this way.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrentDirect { get; set; } = 100;
}
