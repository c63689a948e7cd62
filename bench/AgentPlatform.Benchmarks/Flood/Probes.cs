namespace AgentPlatform.Benchmarks.Flood;

/// <summary>What the healthy client noticed; times in milliseconds, of failures too.</summary>
internal sealed class Probes
{
    public List<double> Questions { get; } = [];

    public List<double> Looks { get; } = [];

    public int Failed { get; set; }

    public string? FirstFailure { get; set; }

    /// <summary>The worse of the two.</summary>
    public double P99 => Math.Max(Percentile(Questions, 99), Percentile(Looks, 99));

    public static double Percentile(List<double> times, int percent) => times.Order().ElementAt((int)Math.Ceiling(times.Count * percent / 100.0) - 1);
}
