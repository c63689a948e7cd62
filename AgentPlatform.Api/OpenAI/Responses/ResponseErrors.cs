using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Streaming;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>Problems in the shape that OpenAI's clients make their exceptions of.</summary>
internal static class ResponseErrors
{
    /// <summary>False: the client need not try again by itself, since a run was made already.</summary>
    public const string ShouldRetry = "x-should-retry";

    public static string Text(ProblemHttpResult problem)
    {
        var details = problem.ProblemDetails;
        var code = details.Extensions.TryGetValue(Problem.Code, out var word) ? word as string : null;
        var isModel = code == ProblemCodes.AgentNotFound;
        var body = new Body(new Error(
            details.Detail ?? details.Title ?? "",
            problem.StatusCode switch
            {
                StatusCodes.Status401Unauthorized => "authentication_error",
                StatusCodes.Status403Forbidden => "permission_error",
                StatusCodes.Status429TooManyRequests => "rate_limit_error",
                >= StatusCodes.Status500InternalServerError => "server_error",
                _ => "invalid_request_error",
            },
            isModel ? "model" : details.Extensions.TryGetValue(Problem.Field, out var field) ? field as string : null,
            isModel ? "model_not_found" : code));
        return JsonSerializer.Serialize(body, ResponsesJson.Relaxed.Body);
    }

    public static Delivery Delivery(ProblemHttpResult problem) => new(
        problem.StatusCode, Text(problem), problem.ProblemDetails.Extensions.TryGetValue(Problem.RetryAfter, out var wait) ? wait as long? : null);

    public static Task WriteAsync(ProblemHttpResult problem, HttpContext context) => new CreatedResponse(Delivery(problem), runId: null).ExecuteAsync(context);

    /// <summary>Turns each problem of an endpoint into an error.</summary>
    public static TBuilder WithErrors<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.AddEndpointFilter(static async (context, next) =>
        {
            var result = await next(context);
            var told = result is INestedHttpResult nested ? nested.Result : result;
            if (told is not ProblemHttpResult problem)
            {
                return result;
            }

            await WriteAsync(problem, context.HttpContext);
            return Results.Empty;
        });

    /// <param name="Param">The member or parameter at fault.</param>
    /// <param name="Code">One of <see cref="ProblemCodes"/>, or a word of OpenAI's.</param>
    internal sealed record Error(string Message, string Type, string? Param, string? Code);

    internal sealed record Body([property: JsonPropertyName("error")] Error Error);
}
