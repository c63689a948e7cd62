using System.Globalization;
using System.Net.Mime;
using AgentPlatform.Api.Streaming;

namespace AgentPlatform.Api.Idempotency;

/// <summary>The answer that stands under a key.</summary>
/// <param name="Delivery">As it was, or is, delivered.</param>
/// <param name="RunId">The run of the key.</param>
/// <param name="Replayed">It was delivered before, or by another request with the key.</param>
internal sealed record KeyedAnswer(Delivery Delivery, Guid RunId, bool Replayed) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Delivery.Status;
        response.ContentType = Delivery.IsProblem ? MediaTypeNames.Application.ProblemJson : $"{MediaTypeNames.Application.Json}; charset=utf-8";
        Announce(response);
        Delivery.Cache?.Write(response);
        if (Delivery.Status == StatusCodes.Status202Accepted)
        {
            response.Headers.Location = $"/runs/{RunId}";
        }

        if (Delivery.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        }

        return response.WriteAsync(Delivery.Body, httpContext.RequestAborted);
    }

    public void Announce(HttpResponse response)
    {
        if (Replayed && !response.HasStarted)
        {
            response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        }
    }
}
