namespace AgentPlatform.Executor.Storage;

/// <summary>Row of <c>budget_windows</c>: what a tenant, or one of its sessions, used in one window, and what is set aside for runs under way.</summary>
internal sealed class BudgetWindowEntity
{
    public required string TenantId { get; set; }

    /// <summary>Empty for the tenant's own budget.</summary>
    public required string SessionId { get; set; }
    public DateTimeOffset StartsAt { get; set; }

    /// <summary>Part of the key: budgets whose length was changed count apart.</summary>
    public DateTimeOffset EndsAt { get; set; }
    public long UsedRuns { get; set; }
    public long UsedTokens { get; set; }
    public decimal UsedCostUsd { get; set; }
    public long ReservedRuns { get; set; }
    public long ReservedTokens { get; set; }
    public decimal ReservedCostUsd { get; set; }
}
