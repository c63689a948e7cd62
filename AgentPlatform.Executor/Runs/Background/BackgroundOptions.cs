using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Executor.Runs.Background;

/// <summary>Section <c>Background</c>.</summary>
internal sealed class BackgroundOptions
{
    public const string Section = "Background";

    /// <summary>Background runs one executor works on at a time; the others wait.</summary>
    [Range(1, 10_000)]
    public int MaxConcurrent { get; set; } = 64;

    /// <summary>Background runs one executor holds, at work and waiting; one more is refused with 503.</summary>
    [Range(1, 1_000_000)]
    public int MaxOpen { get; set; } = 2_000;

    /// <summary>The same for one tenant.</summary>
    [Range(1, 1_000_000)]
    public int MaxOpenPerTenant { get; set; } = 1_000;
}
