namespace AgentPlatform.Benchmarks.Faults;

internal enum FaultKind
{
    Kill,
    Stop,
    EmptyCache,
    RestartDatabase,
}

/// <summary>What was done to the platform, and when.</summary>
internal sealed record Fault(FaultKind Kind, string Victim, DateTimeOffset At);
