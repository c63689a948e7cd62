using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Runs;

/// <summary>The host does not take the run after all.</summary>
/// <param name="code">A word of <see cref="ProblemCodes"/>.</param>
internal sealed class RunRefusedException(string code) : Exception($"The run is refused ({code}).")
{
    public RunRefusedException(BudgetExceeded exceeded)
        : this(ProblemCodes.BudgetExceeded) => Exceeded = exceeded;

    public string Code => code;

    /// <summary>The budget that does not allow it, when that is why.</summary>
    public BudgetExceeded? Exceeded { get; }
}
