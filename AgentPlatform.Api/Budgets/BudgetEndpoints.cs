using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Identity;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Budgets;

/// <summary>What the caller may still use.</summary>
internal static class BudgetEndpoints
{
    public static IEndpointConventionBuilder MapBudgets(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/budgets", ListAsync)
            .WithTags("Budgets")
            .RequireScope(Scopes.Read)
            .WithName("listBudgets")
            .WithSummary("How the budgets stand")
            .WithDescription(
                """
                The budget of the caller's tenant and, with `session_id`, that of the session: limits, what ended runs used of them and what is set aside for
                runs under way. None when no budget applies. A run that a budget does not allow is answered with 429 `budget_exceeded`.
                """)
            .WithQuery("session_id")
            .ProducesProblems(400, 503);

    private static async Task<Results<Ok<BudgetStandings>, ProblemHttpResult>> ListAsync(
        HttpContext context, ExecutorQueries executor, CancellationToken cancellationToken)
    {
        var query = new ListQuery(context.Request.Query);
        if ((query.Broken(labels: false, "session_id") ?? Checks.SessionId(query["session_id"])) is { } broken)
        {
            return broken;
        }

        var standings = await executor.BudgetsAsync(Tenant.Of(context), context.Request.QueryString, cancellationToken);
        return standings.IsGood ? TypedResults.Ok(standings.Value) : standings.Problem;
    }
}
