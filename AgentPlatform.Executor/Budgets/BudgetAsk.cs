namespace AgentPlatform.Executor.Budgets;

/// <summary>What a run wants set aside, of every budget that applies to it.</summary>
internal sealed record BudgetAsk(string TenantId, Guid RunId, long Tokens, decimal CostUsd, IReadOnlyList<Budget> Budgets);
