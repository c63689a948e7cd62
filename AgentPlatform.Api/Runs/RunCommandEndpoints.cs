using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Identity;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Runs;

/// <summary>What people say to a run: stop; yes or no to a call; what became of a call that broke off.</summary>
internal static class RunCommandEndpoints
{
    public static RouteGroupBuilder MapRunCommands(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/runs/{run_id}").WithTags("Runs");
        group.MapPost("/cancel", CancelAsync)
            .RequireScope(Scopes.Run)
            .WithName("cancelRun")
            .WithSummary("Stop a run")
            .WithDescription("The run ends as `cancelled`; calls under way are given up and have a result that says so. A run that has ended stays as it ended: the answer says how. Safe to repeat.")
            .ProducesProblems(400, 404, 503);
        group.MapPost("/approvals/{call_id}", DecideAsync)
            .RequireScope(Scopes.Approve)
            .WithName("decideApproval")
            .WithSummary("Approve or deny a call")
            .WithDescription(
                """
                A person's word on one call that waits for it; the run goes on. Send `arguments` as they were shown and the word holds for exactly
                these: 409 `approval_mismatch` when they are others. Safe to repeat; 409 `approval_decided` when the other word was given before,
                `run_ended` when the run does not wait any more.
                """)
            .WithBody<DecisionBody>(DecisionBody.Shape)
            .ProducesProblems(400, 404, 409, 413, 415, 503);
        group.MapPost("/outcomes/{call_id}", RecordAsync)
            .RequireScope(Scopes.Approve)
            .WithName("recordOutcome")
            .WithSummary("Say what became of a call that broke off")
            .WithDescription(
                """
                For a run that ended `outcome_unknown`: a call that may have written was interrupted, and a person has found out whether it
                happened. The conversation knows from then on. Safe to repeat; 409 `outcome_known` when nothing is unknown, or another outcome was recorded.
                """)
            .WithBody<OutcomeBody>(OutcomeBody.Shape)
            .ProducesProblems(400, 404, 409, 413, 415, 503);
        return group;
    }

    private static async Task<Results<Ok<RunStanding>, ProblemHttpResult>> CancelAsync(
        string run_id, HttpContext context, ExecutorCommands executor, CancellationToken cancellationToken)
    {
        if (!Checks.TryRunId(run_id, out var id, out var broken))
        {
            return broken;
        }

        var standing = await executor.CancelAsync(Tenant.Of(context), id, cancellationToken);
        return standing.IsGood ? TypedResults.Ok(standing.Value) : standing.Problem;
    }

    private static async Task<Results<Ok<RunStanding>, ProblemHttpResult>> DecideAsync(
        string run_id, string call_id, HttpContext context, ExecutorCommands executor, CancellationToken cancellationToken)
    {
        if (!Checks.TryRunId(run_id, out var id, out var broken))
        {
            return broken;
        }

        var body = await JsonBody.ReadAsync<DecisionBody>(context.Request, DecisionBody.Shape, cancellationToken);
        if ((Checks.CallId(call_id) ?? body.Problem ?? body.Value!.Broken()) is { } refused)
        {
            return refused;
        }

        var standing = await executor.DecideAsync(Tenant.Of(context), id, call_id, body.Value!.ToDecision(CallerClaims.NameOf(context)), cancellationToken);
        return standing.IsGood ? TypedResults.Ok(standing.Value) : standing.Problem;
    }

    private static async Task<Results<Ok<RunStanding>, ProblemHttpResult>> RecordAsync(
        string run_id, string call_id, HttpContext context, ExecutorCommands executor, CancellationToken cancellationToken)
    {
        if (!Checks.TryRunId(run_id, out var id, out var broken))
        {
            return broken;
        }

        var body = await JsonBody.ReadAsync<OutcomeBody>(context.Request, OutcomeBody.Shape, cancellationToken);
        if ((Checks.CallId(call_id) ?? body.Problem ?? body.Value!.Broken()) is { } refused)
        {
            return refused;
        }

        var standing = await executor.RecordAsync(Tenant.Of(context), id, call_id, body.Value!.ToOutcome(CallerClaims.NameOf(context)), cancellationToken);
        return standing.IsGood ? TypedResults.Ok(standing.Value) : standing.Problem;
    }
}
