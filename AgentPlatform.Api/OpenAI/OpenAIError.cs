using System.Text.Json;
using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Streaming;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AgentPlatform.Api.OpenAI;

/// <summary>
/// A problem in the shape OpenAI's clients read: <c>{"error": {message, type, param, code}}</c>. Everything below <c>/v1</c> answers so, unknown paths and bodies that cannot be read too.
/// </summary>
internal static class OpenAIError
{
    public const string RequestIdHeader = "x-request-id";

    /// <summary>Clients obey it before their own rules: a run that was accepted is not asked for again.</summary>
    public const string ShouldRetryHeader = "x-should-retry";

    private const string ModelNotFound = "model_not_found";

    public static bool IsSpokenAt(HttpContext context) => context.Request.Path.StartsWithSegments(OpenAIRoutes.Prefix);

    public static Task WriteAsync(ProblemDetails problem, HttpContext context)
    {
        var response = context.Response;
        response.Headers[RequestIdHeader] = Problem.TraceIdOf(context);
        // Clients repeat a conflict by themselves, which no conflict here is mended by.
        if (problem.Status == StatusCodes.Status409Conflict || problem.Extensions.ContainsKey(Problem.RunId))
        {
            response.Headers[ShouldRetryHeader] = "false";
        }

        response.ContentType = "application/json; charset=utf-8";
        return response.WriteAsync(Text(problem), context.RequestAborted);
    }

    /// <summary>On one line.</summary>
    public static string Text(ProblemDetails problem) => JsonSerializer.Serialize(Of(problem), PublicJson.Options);

    /// <summary>As it is delivered, and kept under an idempotency key.</summary>
    public static Delivery Delivery(ProblemHttpResult problem) => new(
        problem.StatusCode, Text(problem.ProblemDetails), problem.ProblemDetails.Extensions.TryGetValue(Problem.RetryAfter, out var wait) ? wait as long? : null);

    private static ErrorBody Of(ProblemDetails problem)
    {
        var code = problem.Extensions[Problem.Code] as string ?? ProblemCodes.InternalError;
        var field = problem.Extensions.TryGetValue(Problem.Field, out var named) ? named as string : null;
        return new ErrorBody(new ErrorFacts(
            problem.Detail ?? StatusProblems.OurMistake,
            TypeOf(problem.Status ?? StatusCodes.Status500InternalServerError),
            field == "agent" ? "model" : field,
            code == ProblemCodes.AgentNotFound ? ModelNotFound : code)
        {
            RunId = problem.Extensions.TryGetValue(Problem.RunId, out var run) ? run as string : null,
        });
    }

    private static string TypeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status403Forbidden => "permission_error",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };
}
