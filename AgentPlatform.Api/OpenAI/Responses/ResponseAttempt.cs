using System.Text.Json;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.Streaming;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>What came of asking for a response once.</summary>
/// <param name="Result">How the question ended; null where nobody waited for that.</param>
/// <param name="Fate">What becomes of the key, where there is one and no <paramref name="Result"/>.</param>
internal sealed record ResponseAttempt(Delivery Delivery, AgentResult? Result = null, KeyFate Fate = KeyFate.Settle)
{
    /// <summary>Something was begun, whatever came of it.</summary>
    public bool MadeRun => Result is AgentResult.Answered or AgentResult.AwaitingApproval or AgentResult.Refused { RunId: not null } || !Delivery.IsProblem;

    public static ResponseAttempt Of(ResponseBody body, AgentResult? result = null) =>
        new(new Delivery(StatusCodes.Status200OK, JsonSerializer.Serialize(body, ResponsesJson.Spoken.ResponseBody), Cache: result?.Cache), result);

    public static ResponseAttempt Of(ProblemHttpResult problem, AgentResult? result = null) => new(
        OpenAIError.Delivery(problem), result, problem.StatusCode == StatusCodes.Status503ServiceUnavailable ? KeyFate.Leave : KeyFate.Release);
}
