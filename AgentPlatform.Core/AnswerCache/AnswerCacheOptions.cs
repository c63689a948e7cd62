using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>How the answer cache behaves; how long an answer lives is each agent's own setting.</summary>
public sealed class AnswerCacheOptions
{
    public const string Section = "AnswerCache";

    /// <summary>How long one call to Redis may take before the question goes on without it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>After a failure Redis is probed in the background each time this has passed; until it answers every question goes on without it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long this process may serve an answer without asking Redis: a removal takes effect within it.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")]
    public TimeSpan RememberFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bound of the answers this process remembers, bytes.</summary>
    [Range(0, 1L << 32)]
    public long RememberBytes { get; set; } = 32 << 20;
}
