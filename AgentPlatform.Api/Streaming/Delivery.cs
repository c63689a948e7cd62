using System.Text.Json;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Streaming;

/// <summary>The end of a request as it is delivered: in one piece, as the last event of a stream, or again under an idempotency key.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">One line of JSON; a problem from 400 on.</param>
/// <param name="RetryAfter">Seconds after which trying again makes sense.</param>
/// <param name="Cache">What the cache had to do with it; null for a problem, and for what was delivered before.</param>
internal sealed record Delivery(int Status, string Body, long? RetryAfter = null, CacheHeaders? Cache = null)
{
    public bool IsProblem => Status >= StatusCodes.Status400BadRequest;

    public static Delivery Of(AgentResult result, HttpContext context) => result switch
    {
        AgentResult.Answered answered => new(StatusCodes.Status200OK, JsonSerializer.Serialize(answered.Answer, PublicJson.Options), Cache: answered.Cache),
        AgentResult.AwaitingApproval waiting => new(
            StatusCodes.Status202Accepted, JsonSerializer.Serialize(AwaitingApprovalBody.Of(waiting), PublicJson.Options), Cache: waiting.Cache),
        AgentResult.Refused refused => Of(refused.ToProblem(), context),
        _ => throw new InvalidOperationException($"{result.GetType().Name} is no known result of a question."),
    };

    public static Delivery Of(ProblemHttpResult problem, HttpContext context) => new(
        problem.StatusCode,
        Problem.Text(problem, context),
        problem.ProblemDetails.Extensions.TryGetValue(Problem.RetryAfter, out var wait) ? wait as long? : null);
}
