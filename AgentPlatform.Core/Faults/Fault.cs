namespace AgentPlatform.Core.Faults;

/// <summary>One fault to make.</summary>
/// <param name="Delay">For <see cref="FaultKind.Latency"/>.</param>
/// <param name="From">The first call of the point that it hits, from 1.</param>
/// <param name="Times">How many calls it hits.</param>
public sealed record Fault(FaultPoint Point, FaultKind Kind, TimeSpan Delay = default, int From = 1, int Times = int.MaxValue)
{
    /// <summary>Answered without anybody asking the model: a reply is made up, or none comes.</summary>
    public bool ReplacesReply => Kind is not FaultKind.Latency;

    /// <param name="call">Which call of the point it is, from 1.</param>
    public bool Hits(int call) => call >= From && call - From < Times;
}
