using System.Text.Json;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Runs;

/// <summary>Runs, to look at: one with every step, or many by what they were labelled with.</summary>
internal static class RunEndpoints
{
    private static readonly string[] Statuses =
        [.. Enum.GetNames<RunStatus>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    public static RouteGroupBuilder MapRuns(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/runs").WithTags("Runs");
        group.MapGet("/{run_id}", GetAsync)
            .WithName("getRun")
            .WithSummary("A run with every step")
            .WithDescription("How the run stands now, and its journal: each model reply, each tool call and its result, in the order in which they happened.")
            .ProducesProblems(400, 404, 503);
        group.MapGet("", ListAsync)
            .WithName("listRuns")
            .WithSummary("Runs, newest first")
            .WithDescription("All filters must hold. `metadata.KEY=VALUE` finds runs with that label and may be given for several keys. `next` of a page is `after` of the following one.")
            .WithQuery("status", "agent", "session_id", "user", "metadata.KEY", "limit", "after")
            .ProducesProblems(400, 503);
        return group;
    }

    private static async Task<Results<Ok<RunDetail>, ProblemHttpResult>> GetAsync(
        string run_id, HttpContext context, ExecutorQueries executor, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(run_id, "D", out var id))
        {
            return Problem.Invalid("run_id", "'run_id' must be the id of a run as an answer gave it, such as 01963c5e-8b2a-7c3d-9e4f-0123456789ab.");
        }

        var run = await executor.RunAsync(Tenant.Of(context), id, cancellationToken);
        return run.IsGood ? TypedResults.Ok(RunDetail.Of(run.Value)) : run.Problem;
    }

    private static async Task<Results<Ok<Page<RunSummary>>, ProblemHttpResult>> ListAsync(
        HttpContext context, ExecutorQueries executor, CancellationToken cancellationToken)
    {
        var query = new ListQuery(context.Request.Query);
        if ((query.Broken(labels: true, "status", "agent", "session_id", "user") ?? Status(query["status"]) ?? Agent(query["agent"])
            ?? Checks.SessionId(query["session_id"]) ?? Checks.User(query["user"])) is { } broken)
        {
            return broken;
        }

        var runs = await executor.RunsAsync(Tenant.Of(context), context.Request.QueryString, cancellationToken);
        return runs.IsGood ? TypedResults.Ok(runs.Value) : runs.Problem;
    }

    private static ProblemHttpResult? Status(string? status) => status is null || Statuses.Contains(status, StringComparer.Ordinal)
        ? null
        : Problem.Invalid("status", $"'status' must be one of {string.Join(", ", Statuses)}.");

    private static ProblemHttpResult? Agent(string? agent) => agent is null || Checks.IsName(agent)
        ? null
        : Problem.Invalid("agent", "'agent' must be the name of an agent; GET /agents lists them.");
}
