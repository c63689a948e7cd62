using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Budgets;

/// <summary>The configured budgets, by whom they apply to.</summary>
internal sealed class BudgetPlan(IOptions<BudgetOptions> options)
{
    private readonly BudgetOptions _options = options.Value;

    /// <summary>Somebody has a budget; else there is nothing to count, to settle or to look after.</summary>
    public bool Any => All.Any();

    /// <summary>Some budget is in US dollars, so every model needs its prices.</summary>
    public bool NeedsPrices => All.Any(limits => limits.CostUsd is not null);

    private IEnumerable<BudgetLimits> All =>
        _options.Tenants.Values.Append(_options.Tenant).Append(_options.Session).OfType<BudgetLimits>().Where(limits => !limits.Unlimited);

    /// <summary>The tenant's first, then the session's.</summary>
    public IReadOnlyList<Budget> For(string tenantId, string? sessionId)
    {
        var tenant = Of(Budget.OfTenant, _options.Tenants.GetValueOrDefault(tenantId) ?? _options.Tenant);
        var session = sessionId is null ? null : Of(sessionId, _options.Session);
        return (tenant, session) switch
        {
            (null, null) => [],
            (null, { } own) => [own],
            ({ } own, null) => [own],
            var (first, second) => [first, second],
        };
    }

    private static Budget? Of(string sessionId, BudgetLimits? limits) => limits is null or { Unlimited: true }
        ? null
        : new Budget(sessionId, limits.Runs, limits.Tokens, limits.CostUsd, BudgetWindow.Parse(limits.Window)!);
}
