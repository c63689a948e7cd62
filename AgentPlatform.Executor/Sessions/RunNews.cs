namespace AgentPlatform.Executor.Sessions;

/// <summary>How a followed run stands: refused, ended, or (neither set) still at work.</summary>
[GenerateSerializer, Immutable]
internal sealed record RunNews
{
    /// <summary>UTF-8 JSON line of a <see cref="Core.Wire.RunFrame"/> with the outcome.</summary>
    [Id(0)]
    public byte[]? Outcome { get; init; }

    /// <summary>A word of <see cref="Core.Wire.ProblemCodes"/>: the run was not taken.</summary>
    [Id(1)]
    public string? Refused { get; init; }

    public static RunNews AtWork { get; } = new();
}
