using HdrHistogram;

namespace AgentPlatform.Benchmarks.Load;

/// <summary>What a loop achieved.</summary>
/// <param name="Latency">Of the good ones, in microseconds.</param>
internal sealed record LoadResult(HistogramBase Latency, long Errors, string? FirstError, TimeSpan Elapsed)
{
    public long Count => Latency.TotalCount;

    public double PerSecond => Count / Elapsed.TotalSeconds;

    public double Milliseconds(double percentile) => Count == 0 ? 0 : Latency.GetValueAtPercentile(percentile) / 1000.0;
}
