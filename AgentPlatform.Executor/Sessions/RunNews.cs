using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Sessions;

/// <summary>How a followed run stands: refused, ended, or (neither set) still at work.</summary>
[GenerateSerializer, Immutable]
internal sealed record RunNews
{
    /// <summary>UTF-8 JSON line of a <see cref="RunFrame"/> with the outcome.</summary>
    [Id(0)]
    public byte[]? Outcome { get; init; }

    /// <summary>A word of <see cref="ProblemCodes"/>: the run was not taken.</summary>
    [Id(1)]
    public string? Refused { get; init; }

    /// <summary>UTF-8 JSON lines of new <see cref="RunFrame"/>s, for those who watch.</summary>
    [Id(2)]
    public byte[]? Frames { get; init; }

    /// <summary>Position of the last of <see cref="Frames"/>.</summary>
    [Id(3)]
    public long Seq { get; init; }

    /// <inheritdoc cref="Seq"/>
    [Id(4)]
    public int N { get; init; }

    /// <summary>With <see cref="Outcome"/>: the run waits for a person, so there will be more.</summary>
    [Id(5)]
    public bool Waits { get; init; }

    /// <summary>With <see cref="ProblemCodes.BudgetExceeded"/>: UTF-8 JSON of the <see cref="BudgetExceeded"/>.</summary>
    [Id(6)]
    public byte[]? Exceeded { get; init; }

    public FrameId Last => new(Seq, N);

    public static RunNews AtWork { get; } = new();
}
