using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.ServiceDefaults.Resilience;

/// <summary>When a remote server that keeps failing is left alone, and for how long. Section <c>Circuits</c>, for all hops.</summary>
public sealed class CircuitOptions
{
    public const string Section = "Circuits";

    /// <summary>The circuit of a server opens when this part of its calls within <see cref="Window"/> failed …</summary>
    [Range(0.01, 1.0)]
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>… and there were at least this many, so that one bad moment of a quiet service proves nothing.</summary>
    [Range(2, 1_000_000)]
    public int MinimumCalls { get; set; } = 10;

    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long nobody asks; after it one call tries, and closes the circuit when it succeeds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan BreakFor { get; set; } = TimeSpan.FromSeconds(5);
}
