namespace AgentPlatform.Core.Faults;

/// <summary>The faults of one question in one process, and how many calls of each point there have been.</summary>
/// <param name="modelPoint">What a model call in this process is: one of the run, or one of the ladder.</param>
public sealed class ActiveFaults(IReadOnlyList<Fault> faults, FaultPoint modelPoint)
{
    private readonly int[] _calls = new int[Enum.GetValues<FaultPoint>().Length];

    /// <summary>Counts a model call and says what is to go wrong with it.</summary>
    /// <param name="offersTools">A call without tools cannot come back with arguments for one.</param>
    public Fault? TakeModel(bool offersTools) =>
        Take(modelPoint) is { } fault && (offersTools || fault.Kind != FaultKind.MalformedArguments) ? fault : null;

    /// <summary>Counts a call of the point and says what is to go wrong with it; null when nothing is.</summary>
    public Fault? Take(FaultPoint point)
    {
        var call = Interlocked.Increment(ref _calls[(int)point]);
        return faults.FirstOrDefault(fault => fault.Point == point && fault.Hits(call));
    }

    /// <summary>A fault for the one call that follows.</summary>
    internal static ActiveFaults Once(Fault fault) => new([fault with { Point = FaultPoint.Model, From = 1, Times = 1 }], FaultPoint.Model);
}
