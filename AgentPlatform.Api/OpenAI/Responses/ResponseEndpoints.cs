using AgentPlatform.Api.Admission;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Faults;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.Identity;
using AgentPlatform.Api.OpenAI.Chat;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Quotas;
using AgentPlatform.Core.Faults;
using AgentPlatform.Core.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>The Responses API: an agent's run, asked for, watched, read, stopped and removed as official clients do it.</summary>
internal static class ResponseEndpoints
{
    private const string Route = "POST /v1/responses";
    private const int DefaultItems = 20;
    private const int MostItems = 100;

    public static RouteGroupBuilder MapResponses(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/responses");
        group.MapPost("", CreateAsync)
            .RequireScope(Scopes.Run)
            .WithName("createResponse")
            .WithSummary("Ask an agent, in OpenAI's words")
            .WithDescription(
                """
                `model` is the agent. The response is a run: it can be read, watched and removed by its id, and the next request goes on from it with
                `previous_response_id`; from one in the middle of a conversation that conversation forks. With `store: false` nothing of that can be had. With `stream` events are numbered from 0, and
                `GET /v1/responses/{response_id}?stream=true&starting_after=N` gives the rest of them, also later. With `background` nobody waits.
                What would change the answer and cannot be had is refused by its name. `degraded` and `cache` are the platform's own members.
                """)
            .WithOpenAIBody("""{"model":"default","input":"What is 17% of 2340?"}""")
            .Produces<ResponseBody>()
            .WithEventStream()
            .WithCacheHeaders()
            .WithIdempotencyKey()
            .WithQuota()
            .WithAdmission()
            .WithFaults()
            .ProducesProblems(400, 404, 409, 413, 415, 422, 429, 502, 503, 504);
        group.MapGet("/{response_id}", GetAsync)
            .RequireScope(Scopes.Read)
            .WithName("getResponse")
            .WithSummary("A response, or its events")
            .WithDescription("How it stands; with `stream=true` its events as they were, and as they come, beyond the number `starting_after`.")
            .Produces<ResponseBody>()
            .WithEventStream()
            .WithQuery("stream", "starting_after")
            .ProducesProblems(400, 404, 503);
        group.MapPost("/{response_id}/cancel", CancelAsync)
            .RequireScope(Scopes.Run)
            .WithName("cancelResponse")
            .WithSummary("Stop a background response")
            .WithDescription("One that has ended stays as it ended. Safe to repeat.")
            .Produces<ResponseBody>()
            .ProducesProblems(400, 404, 503);
        group.MapDelete("/{response_id}", DeleteAsync)
            .RequireScope(Scopes.Run)
            .WithName("deleteResponse")
            .WithSummary("Remove a response")
            .WithDescription("It is stopped, and cannot be read or gone on from any more. Its words stay part of conversations that went on from it; when none of a conversation's responses is left, all of it is removed.")
            .Produces<DeletedResponse>()
            .ProducesProblems(404, 503);
        group.MapGet("/{response_id}/input_items", ListInputAsync)
            .RequireScope(Scopes.Read)
            .WithName("listResponseInput")
            .WithSummary("What a response was asked with")
            .WithDescription("Newest first unless `order` is `asc`. `last_id` of a page is `after` of the following one.")
            .Produces<InputItemList>()
            .WithQuery("limit", "order", "after")
            .ProducesProblems(400, 404, 503);
        return group;
    }

    private static async Task<Results<CreatedResponse, ResponseStream, ProblemHttpResult>> CreateAsync(
        HttpContext context, ResponseAsking asking, AgentDirectory agents, RepeatedRequests repeated, FaultHeader faultHeader, IOptions<FallbackOptions> fallback,
        CancellationToken cancellationToken)
    {
        var body = await OpenAIBody.ReadAsync(context.Request, cancellationToken);
        if (!body.IsGood)
        {
            return body.Problem;
        }

        string? key = null;
        FaultPlan? faults = null;
        var read = ResponseRequestReader.Read(body.Value.Root);
        var timeout = read.Value?.Background is true ? QuestionBody.MaxTimeout : QuestionBody.DefaultTimeout;
        if ((read.Problem ?? ChatEndpoints.Timeout(context.Request, ref timeout) ?? IdempotencyKey.Read(context.Request, out key) ?? faultHeader.Read(context.Request, out faults)
            ?? AdmissionControl.Late(context, timeout)
            ?? ChatEndpoints.Collision(read.Value!.Context, read.Value.Model, (await agents.GetAsync(cancellationToken))?.Find(read.Value.Model))) is { } broken)
        {
            return broken;
        }

        var request = read.Value!;
        var question = request.ToQuestion(context, timeout, context.Request.Headers[ChatEndpoints.StrictHeader] is ["true"]).Under(faults);
        var keyed = key is null ? null : new KeyedRequest(question.TenantId, Route, key, JsonHash.Of(body.Value.Root)) { Within = TimeSpan.FromSeconds(timeout) + fallback.Value.Deadline };
        question = keyed is null ? await repeated.IdentifyAsync(question, context.Request, body.Value.Sha256, cancellationToken) : question;
        if (request.Stream)
        {
            return new ResponseStream(question, request, keyed);
        }

        var created = await asking.AnswerAsync(question, request, keyed, cancellationToken);
        return created.IsGood ? created.Value : created.Problem;
    }

    private static async Task<Results<JsonHttpResult<ResponseBody>, StreamedResponse, ProblemHttpResult>> GetAsync(
        string response_id, HttpContext context, StoredResponses responses, CancellationToken cancellationToken)
    {
        var tenant = Tenant.Of(context);
        var query = context.Request.Query;
        if (query["stream"] is not ["true"])
        {
            var read = await responses.FindAsync(tenant, response_id, cancellationToken);
            return read.IsGood ? Body(responses.BodyOf(read.Value)) : read.Problem;
        }

        var after = -1;
        if (query.TryGetValue("starting_after", out var start) && (!int.TryParse(start, out after) || after < 0))
        {
            return Problem.Invalid("starting_after", "'starting_after' must be the number of an event, from 0.");
        }

        var found = await responses.FindEndedAsync(tenant, response_id, cancellationToken);
        return found.IsGood ? new StreamedResponse(tenant, found.Value, after) : found.Problem;
    }

    private static async Task<Results<JsonHttpResult<ResponseBody>, ProblemHttpResult>> CancelAsync(
        string response_id, HttpContext context, StoredResponses responses, ExecutorCommands executor, CancellationToken cancellationToken)
    {
        var tenant = Tenant.Of(context);
        var found = await responses.FindAsync(tenant, response_id, cancellationToken);
        if (found.Value is { View.Run: { Background: true, RunId: var runId } } running && !running.IsSettled)
        {
            var standing = await executor.CancelAsync(tenant, runId, cancellationToken);
            if (!standing.IsGood)
            {
                return standing.Problem;
            }

            found = await responses.FindAsync(tenant, response_id, cancellationToken);
        }

        return found switch
        {
            { Problem: { } problem } => problem,
            { Value.View.Run.Background: false } => Problem.Invalid("response_id", "Only background responses can be cancelled: who asks for another closes the connection."),
            _ => Body(responses.BodyOf(found.Value!)),
        };
    }

    private static async Task<Results<JsonHttpResult<DeletedResponse>, ProblemHttpResult>> DeleteAsync(
        string response_id, HttpContext context, StoredResponses responses, ExecutorCommands executor, CancellationToken cancellationToken)
    {
        var tenant = Tenant.Of(context);
        var found = await responses.FindAsync(tenant, response_id, cancellationToken);
        if (!found.IsGood)
        {
            return found.Problem;
        }

        var runId = found.Value.View.Run.RunId;
        if (!found.Value.IsSettled && await executor.CancelAsync(tenant, runId, cancellationToken) is { IsGood: false } running)
        {
            return running.Problem;
        }

        return await executor.HideAsync(tenant, runId, cancellationToken) is { } problem
            ? problem
            : TypedResults.Json(new DeletedResponse(response_id), ResponsesJson.Spoken.DeletedResponse);
    }

    private static async Task<Results<JsonHttpResult<InputItemList>, ProblemHttpResult>> ListInputAsync(
        string response_id, HttpContext context, StoredResponses responses, CancellationToken cancellationToken)
    {
        var query = context.Request.Query;
        var limit = DefaultItems;
        if (query.TryGetValue("limit", out var most) && (!int.TryParse(most, out limit) || limit is < 1 or > MostItems))
        {
            return Problem.Invalid("limit", $"'limit' must be a whole number from 1 to {MostItems}.");
        }

        if (query.TryGetValue("order", out var order) && order is not (["asc"] or ["desc"]))
        {
            return Problem.Invalid("order", "'order' must be asc or desc.");
        }

        var found = await responses.FindAsync(Tenant.Of(context), response_id, cancellationToken);
        if (!found.IsGood)
        {
            return found.Problem;
        }

        var items = InputItems.Of(found.Value.View.Run.RunId, found.Value.Started!);
        return InputItemList.Page(items, query["after"], limit, ascending: order is ["asc"]) is { } page
            ? TypedResults.Json(page, ResponsesJson.Spoken.InputItemList)
            : Problem.Invalid("after", "'after' must be the id of an item of this response.");
    }

    private static JsonHttpResult<ResponseBody> Body(ResponseBody body) => TypedResults.Json(body, ResponsesJson.Spoken.ResponseBody);
}
