using AgentPlatform.Api.Admission;
using AgentPlatform.Api.Faults;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.Identity;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Api.Quotas;
using AgentPlatform.Api.Streaming;
using AgentPlatform.Core.Faults;
using AgentPlatform.Core.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Agent;

/// <summary>The way in: a question of HTTP becomes a question of the platform, and its result an answer of HTTP.</summary>
internal static class AgentEndpoints
{
    public static IEndpointConventionBuilder MapAgent(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/agent", AskAsync)
            .WithTags("Agent")
            .RequireScope(Scopes.Run)
            .WithName("ask")
            .WithSummary("Ask an agent")
            .WithDescription(
                """
                Answers in one piece, or with `stream` as server-sent events while the answer is made: `done` carries the same body, and `done` or `error` is
                always last. What is wrong with the request is an ordinary problem in both cases. When the agent cannot give its own answer in time, the best one that can be had is given and
                `degraded` says what it is and why; with `strict` that is a problem instead. With `session_id` the agent knows the
                conversation so far. Equal questions may be answered from the cache: `Cache-Control: no-cache` asks for a new
                answer, `no-store` also keeps it out of the cache, `max-age` takes no cached answer older than that many seconds, and with `only-if-cached` nothing is
                started: a cached answer, or 504 `not_cached`. `Cache-Status` (RFC 9211) and `Age` say what the cache did. `Accept-Language` (zh or en) chooses the language of the text
                for the case that nothing can answer. 202: the run waits for a person's decision.
                """)
            .WithBody<AskBody>(AskBody.Shape)
            .WithEventStream()
            .WithCacheHeaders()
            .WithIdempotencyKey()
            .WithQuota()
            .WithAdmission()
            .WithFaults()
            .ProducesProblems(400, 404, 409, 413, 415, 422, 429, 502, 503, 504);

    private static async Task<Results<Ok<AgentAnswer>, Accepted<AwaitingApprovalBody>, StreamedAnswer, KeyedAnswer, ProblemHttpResult>> AskAsync(
        HttpContext context, AgentRequestHandler handler, KeyedQuestion keyedQuestion, FaultHeader faultHeader, CancellationToken cancellationToken)
    {
        string? key = null;
        FaultPlan? faults = null;
        var body = await JsonBody.ReadAsync<AskBody>(context.Request, AskBody.Shape, cancellationToken);
        if ((body.Problem ?? AskRules.Broken(body.Value!) ?? IdempotencyKey.Read(context.Request, out key) ?? faultHeader.Read(context.Request, out faults)
            ?? AdmissionControl.Late(context, body.Value!.Timeout ?? QuestionBody.DefaultTimeout)) is { } broken)
        {
            return broken;
        }

        var question = AgentQuestion.Of(body.Value!, context).Under(faults);
        var keyed = key is null ? null : new KeyedRequest(question.TenantId, KeyedQuestion.Route, key, BodyHash.Of(body.Value!));
        if (body.Value!.Stream is true)
        {
            return new StreamedAnswer(question, keyed);
        }

        if (keyed is not null)
        {
            var standing = await keyedQuestion.AnswerAsync(keyed, question, live: null, context);
            return standing.IsGood ? standing.Value : standing.Problem;
        }

        var result = await handler.HandleAsync(question, live: null, cancellationToken);
        result.Cache?.Write(context.Response);
        return result switch
        {
            AgentResult.Answered answered => TypedResults.Ok(answered.Answer),
            AgentResult.AwaitingApproval waiting => TypedResults.Accepted($"/runs/{waiting.RunId}", AwaitingApprovalBody.Of(waiting)),
            AgentResult.Refused refused => refused.ToProblem(),
            _ => throw new InvalidOperationException($"{result.GetType().Name} is no known result of a question."),
        };
    }
}
