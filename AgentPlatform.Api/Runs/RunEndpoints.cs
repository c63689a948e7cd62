using System.Text.Json;
using AgentPlatform.Api.Admission;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Faults;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.Identity;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Quotas;
using AgentPlatform.Core.Faults;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Runs;

/// <summary>Runs: to start, and to look at: one with every step, one explained, or many by what they were labelled with.</summary>
internal static class RunEndpoints
{
    private const string StartRoute = "POST /runs";

    private static readonly string[] Statuses =
        [.. Enum.GetNames<RunStatus>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    public static RouteGroupBuilder MapRuns(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/runs").WithTags("Runs");
        group.MapGet("/{run_id}", GetAsync)
            .RequireScope(Scopes.Read)
            .WithName("getRun")
            .WithSummary("A run with every step")
            .WithDescription("How the run stands now, and its journal: each model reply, each tool call and its result, in the order in which they happened.")
            .ProducesProblems(400, 404, 503);
        group.MapGet("", ListAsync)
            .RequireScope(Scopes.Read)
            .WithName("listRuns")
            .WithSummary("Runs, newest first")
            .WithDescription("All filters must hold. `metadata.KEY=VALUE` finds runs with that label and may be given for several keys. `next` of a page is `after` of the following one.")
            .WithQuery("status", "agent", "session_id", "user", "metadata.KEY", "limit", "after")
            .ProducesProblems(400, 503);
        group.MapPost("", StartAsync)
            .RequireScope(Scopes.Run)
            .WithName("startRun")
            .WithSummary("Ask without waiting for the answer")
            .WithDescription(
                """
                202 means that the run is durable: it will end, whatever happens to the caller, to this process or to an executor. `Location` says
                where to look; `/runs/{run_id}/events` tells as it happens. Nothing is ever answered by the ladder here: when no executor can
                accept the run the answer is 503 with `Retry-After`. Send an `Idempotency-Key` to be sure that trying again does not ask twice.
                """)
            .WithBody<RunBody>(RunBody.Shape)
            .WithLocation("202")
            .WithIdempotencyKey()
            .WithQuota()
            .WithAdmission()
            .WithFaults()
            .ProducesProblems(400, 404, 409, 413, 415, 429, 503);
        group.MapGet("/{run_id}/explain", ExplainAsync)
            .RequireScope(Scopes.Read)
            .WithName("explainRun")
            .WithSummary("Where the time, the tokens and the money of a run went, and why")
            .WithDescription("Milliseconds by what they were spent on, which add up to the total; each step with its attempts, tokens and cost; limits near or reached; what the cache did and why; the executors that held the run.")
            .ProducesProblems(400, 404, 503);
        return group;
    }

    private static async Task<Results<Ok<RunDetail>, ProblemHttpResult>> GetAsync(
        string run_id, HttpContext context, ExecutorQueries executor, CancellationToken cancellationToken)
    {
        if (!Checks.TryRunId(run_id, out var id, out var broken))
        {
            return broken;
        }

        var run = await executor.RunAsync(Tenant.Of(context), id, cancellationToken);
        return run.IsGood ? TypedResults.Ok(RunDetail.Of(run.Value)) : run.Problem;
    }

    private static async Task<Results<Accepted<AcceptedRun>, KeyedAnswer, ProblemHttpResult>> StartAsync(
        HttpContext context, BackgroundRuns background, KeyedRequests requests, FaultHeader faultHeader, CancellationToken cancellationToken)
    {
        string? key = null;
        FaultPlan? faults = null;
        var body = await JsonBody.ReadAsync<RunBody>(context.Request, RunBody.Shape, cancellationToken);
        if ((body.Problem ?? AskRules.Broken(body.Value!) ?? IdempotencyKey.Read(context.Request, out key) ?? faultHeader.Read(context.Request, out faults)) is { } broken)
        {
            return broken;
        }

        var question = AgentQuestion.Of(body.Value!, context).Under(faults);
        if (key is null)
        {
            var run = await background.StartAsync(question, cancellationToken);
            return run.IsGood ? TypedResults.Accepted($"/runs/{run.Value.RunId}", run.Value) : run.Problem;
        }

        var standing = await requests.AnswerAsync(
            new KeyedRequest(question.TenantId, StartRoute, key, BodyHash.Of(body.Value!)),
            (runId, mayExist) => background.StartAsync(question with { RunId = runId, MayExist = mayExist }, context),
            cancellationToken);
        return standing.IsGood ? standing.Value : standing.Problem;
    }

    private static async Task<Results<Ok<RunExplanation>, ProblemHttpResult>> ExplainAsync(
        string run_id, HttpContext context, ExecutorQueries executor, CancellationToken cancellationToken)
    {
        if (!Checks.TryRunId(run_id, out var id, out var broken))
        {
            return broken;
        }

        var explanation = await executor.ExplainAsync(Tenant.Of(context), id, cancellationToken);
        return explanation.IsGood ? TypedResults.Ok(explanation.Value) : explanation.Problem;
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
