using AgentPlatform.Benchmarks.Load;

namespace AgentPlatform.Benchmarks.Overload;

/// <summary>Everything one overload scenario measured.</summary>
/// <param name="Unloaded">Of a path that does not exist, before.</param>
/// <param name="EarlyMemory">MB by process after a third of the time.</param>
/// <param name="LateMemory">MB by process at its end.</param>
/// <param name="Recovered">From the end of the load until a question was answered normally within a second; null: not within 30 s.</param>
internal sealed record OverloadResult(
    LoadResult Sustained,
    GeneratorResult Unloaded,
    GeneratorResult Overloaded,
    double OfferedRate,
    IReadOnlyDictionary<string, double> EarlyMemory,
    IReadOnlyDictionary<string, double> LateMemory,
    TimeSpan? Recovered)
{
    private const int P95 = 1;

    public double RefusalP95 => Overloaded.RefusalMs[P95];

    public double UnloadedP95 => Unloaded.NotFoundMs[P95];

    public double KeptDeadline => Overloaded.Answered == 0 ? 0 : (double)Overloaded.InTime / Overloaded.Answered;

    public double GrowthOf(string process) => LateMemory[process] / EarlyMemory[process];
}
