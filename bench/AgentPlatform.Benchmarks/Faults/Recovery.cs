namespace AgentPlatform.Benchmarks.Faults;

/// <summary>One run that lost its executor and went on.</summary>
/// <param name="Took">From the fault to the run's next event in its journal.</param>
/// <param name="Found">From the fault until somebody noticed that the run was alone; null when its host went on by itself.</param>
internal sealed record Recovery(Fault Fault, TrackedRun Run, TimeSpan Took, TimeSpan? Found)
{
    /// <summary>Each resumption belongs to the last fault of an executor before it.</summary>
    public static IEnumerable<Recovery> Of(IEnumerable<Fault> faults, IEnumerable<TrackedRun> runs, ILookup<string, DateTimeOffset> found)
    {
        var lost = faults.Where(fault => fault.Kind is FaultKind.Kill or FaultKind.Stop).ToList();
        foreach (var run in runs)
        {
            foreach (var resumed in run.Resumed)
            {
                if (lost.LastOrDefault(fault => fault.At < resumed) is { } fault)
                {
                    var noticed = found[run.Id].Where(at => at > fault.At && at <= resumed).Order().Select(at => (DateTimeOffset?)at).FirstOrDefault();
                    yield return new Recovery(fault, run, resumed - fault.At, noticed - fault.At);
                }
            }
        }
    }
}
