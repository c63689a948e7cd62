using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Api.Agent;

/// <summary>From where on something is worth a warning.</summary>
internal sealed class ThresholdOptions
{
    public const string Section = "Thresholds";

    /// <summary>An answer that took longer is logged as <c>slow_response</c>.</summary>
    [Range(0.001, 3600)]
    public double SlowSeconds { get; set; } = 10;
}
