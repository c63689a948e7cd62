using AgentPlatform.Benchmarks.Load;

namespace AgentPlatform.Benchmarks.Throughput;

/// <summary>One contender's turn in one round.</summary>
/// <param name="Commits">Write transactions of the whole server meanwhile.</param>
/// <param name="Cpu">Seconds by process.</param>
internal sealed record Round(LoadResult Load, long Commits, IReadOnlyDictionary<string, double> Cpu)
{
    public double CommitsPerRun => (double)Commits / Math.Max(1, Load.Count);

    public double MicrosecondsPerRun(string process) => 1e6 * Cpu[process] / Math.Max(1, Load.Count);
}
