using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>
/// Faults of the built-in model by configuration, section <c>Models:{name}:Faults</c>, in Development only. The rates are parts of its calls, drawn
/// from a seed: the n-th call meets the same fault in each run of the process.
/// </summary>
public sealed class BuiltinFaultOptions : IValidatableObject
{
    /// <summary>Before each reply.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Latency { get; set; }

    /// <summary>Answered with <see cref="Status"/>.</summary>
    [Range(0.0, 1.0)]
    public double FailRate { get; set; }

    /// <summary>429 or 500.</summary>
    [AllowedValues(429, 500, ErrorMessage = "The field Status must be 429 or 500.")]
    public int Status { get; set; } = 500;

    /// <summary>Never answered.</summary>
    [Range(0.0, 1.0)]
    public double Stall { get; set; }

    /// <summary>Tool calls whose arguments are no JSON; of calls that offer tools.</summary>
    [Range(0.0, 1.0)]
    public double MalformedArguments { get; set; }

    /// <summary>Replies that break off in the middle.</summary>
    [Range(0.0, 1.0)]
    public double TruncatedStream { get; set; }

    /// <summary>Replies of a quarter of a million characters.</summary>
    [Range(0.0, 1.0)]
    public double LargeOutput { get; set; }

    public int Seed { get; set; } = 1;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (FailRate + Stall + MalformedArguments + TruncatedStream + LargeOutput > 1)
        {
            yield return new ValidationResult("FailRate, Stall, MalformedArguments, TruncatedStream and LargeOutput are parts of all calls: together at most 1.");
        }
    }
}
