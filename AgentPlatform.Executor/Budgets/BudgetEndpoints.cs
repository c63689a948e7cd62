using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.Executor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Executor.Budgets;

/// <summary><c>GET /budgets?session_id=</c>: how the budgets of a tenant, and of one of its sessions, stand.</summary>
internal static class BudgetEndpoints
{
    public static IEndpointRouteBuilder MapBudgets(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapTenantGroup("/budgets").MapGet("/", GetAsync);
        return endpoints;
    }

    private static async Task<Results<JsonHttpResult<BudgetStandings>, ExecutorProblem>> GetAsync(
        CallerTenant tenant, string? session_id, BudgetPlan plan, BudgetBook book, CancellationToken cancellationToken)
    {
        if (session_id is not null && !SessionIds.IsValid(session_id))
        {
            return ExecutorProblems.Invalid("session_id", SessionIds.Rule);
        }

        var budgets = plan.For(tenant.Id, session_id);
        var standings = budgets.Count == 0 ? [] : await book.StandingAsync(tenant.Id, budgets, cancellationToken);
        return TypedResults.Json(new BudgetStandings(standings), WireJson.Options);
    }
}
