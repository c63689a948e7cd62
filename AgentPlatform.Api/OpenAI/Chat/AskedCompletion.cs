using System.Globalization;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.Streaming;

namespace AgentPlatform.Api.OpenAI.Chat;

/// <summary>What came of asking for a completion, in one piece.</summary>
/// <param name="Result">How the question ended; null for what was delivered before.</param>
/// <param name="Replayed">It was delivered before under the same key.</param>
internal sealed record AskedCompletion(Delivery Delivery, AgentResult? Result, bool Replayed = false) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Delivery.Status;
        response.ContentType = "application/json; charset=utf-8";
        Announce(response);
        Delivery.Cache?.Write(response);
        if (Delivery.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        }

        return response.WriteAsync(Delivery.Body, httpContext.RequestAborted);
    }

    /// <summary>What headers say of it.</summary>
    public void Announce(HttpResponse response)
    {
        if (Replayed)
        {
            response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        }

        // A run was made: a client that repeats by itself would only make another.
        if (Replayed || Delivery.Status == StatusCodes.Status409Conflict
            || Result is AgentResult.Answered or AgentResult.AwaitingApproval or AgentResult.Refused { RunId: not null })
        {
            response.Headers[OpenAIError.ShouldRetryHeader] = "false";
        }

        if (Result is AgentResult.Answered { Answer: var answer })
        {
            ChatEndpoints.Announce(response, answer);
        }
    }
}
