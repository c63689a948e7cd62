using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Budgets;

/// <summary>A budget that applies to a run.</summary>
/// <param name="SessionId">Empty for the tenant's own.</param>
/// <param name="Runs">Null where nothing limits them; so too the others.</param>
internal sealed record Budget(string SessionId, long? Runs, long? Tokens, decimal? CostUsd, BudgetWindow Window)
{
    /// <summary>In the place of a session's id: ids of sessions are not empty.</summary>
    public const string OfTenant = "";

    public string Scope => ScopeOf(SessionId);

    public static string ScopeOf(string sessionId) => sessionId.Length == 0 ? BudgetWords.Tenant : BudgetWords.Session;
}
