using System.Globalization;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.Streaming;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>A response, or an error, in one piece.</summary>
/// <param name="runId">The run that was made for it.</param>
/// <param name="replayed">It was delivered before under the same key.</param>
internal sealed class CreatedResponse(Delivery delivery, Guid? runId, bool replayed = false) : IResult
{
    public Delivery Delivery => delivery;

    public Guid? RunId => runId;

    public bool Replayed => replayed;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = delivery.Status;
        response.ContentType = "application/json; charset=utf-8";
        delivery.Cache?.Write(response);
        if (delivery.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        }

        if (replayed)
        {
            response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        }

        if (runId is not null || delivery.Status == StatusCodes.Status409Conflict)
        {
            // A run was made, or a conflict is not mended by asking again.
            response.Headers[OpenAIError.ShouldRetryHeader] = "false";
        }

        return response.WriteAsync(delivery.Body, httpContext.RequestAborted);
    }
}
