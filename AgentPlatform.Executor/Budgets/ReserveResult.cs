using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Budgets;

/// <summary>What came of asking for a reservation.</summary>
internal abstract record ReserveResult
{
    private ReserveResult()
    {
    }

    /// <summary>Set aside, now or by an earlier attempt at the same run, with the amounts of then.</summary>
    internal sealed record Reserved(long Tokens, decimal CostUsd) : ReserveResult;

    /// <summary>The run stands in the journal and has been counted: there is nothing to set aside.</summary>
    internal sealed record Begun : ReserveResult;

    /// <summary>A budget does not allow it; nothing was set aside in any.</summary>
    internal sealed record Refused(BudgetExceeded Exceeded) : ReserveResult;
}
