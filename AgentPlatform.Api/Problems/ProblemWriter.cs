using System.Globalization;
using AgentPlatform.Api.OpenAI;
using Microsoft.AspNetCore.Mvc;

namespace AgentPlatform.Api.Problems;

/// <summary>
/// Writes every problem, whoever made it. Unlike the framework's writer it does not look at <c>Accept</c>: a caller that
/// asked for an event stream or for a page still gets the problem as problem+json.
/// </summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    private const long DefaultRetryAfterSeconds = 1;

    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var response = context.HttpContext.Response;
        var details = context.ProblemDetails;
        details.Status ??= response.StatusCode;
        response.StatusCode = details.Status.Value;
        if (!details.Extensions.ContainsKey(Problem.Code))
        {
            StatusProblems.Describe(context.HttpContext, details);
        }

        details.Extensions[Problem.TraceId] = Problem.TraceIdOf(context.HttpContext);
        SetRetryAfter(response, details);
        if (OpenAIError.IsSpokenAt(context.HttpContext))
        {
            return new ValueTask(OpenAIError.WriteAsync(details, context.HttpContext));
        }

        return new ValueTask(response.WriteAsJsonAsync(
            details, PublicJson.Options, "application/problem+json", context.HttpContext.RequestAborted));
    }

    private static void SetRetryAfter(HttpResponse response, ProblemDetails details)
    {
        var asked = details.Extensions.Remove(Problem.RetryAfter, out var value) ? value as long? : null;
        if (asked is not null || details.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = (asked ?? DefaultRetryAfterSeconds).ToString(CultureInfo.InvariantCulture);
        }
    }
}
