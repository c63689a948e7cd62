using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Mvc;

namespace AgentPlatform.Api.Problems;

/// <summary>What to say when all that is known is a status: unknown paths and methods, and what Kestrel or routing refused.</summary>
internal static class StatusProblems
{
    public const string OurMistake = "Something went wrong on our side. The trace id leads to it in the logs.";

    private const int LongestPath = 128;

    public static void Describe(HttpContext context, ProblemDetails details)
    {
        var (code, detail, field) = details.Status switch
        {
            StatusCodes.Status404NotFound =>
                (ProblemCodes.NotFound, $"There is nothing at {Path(context)}. Every route is listed at /docs.", null),
            StatusCodes.Status405MethodNotAllowed =>
                (ProblemCodes.MethodNotAllowed, $"{context.Request.Method} is not allowed at {Path(context)}. Allowed: {context.Response.Headers.Allow}.", null),
            StatusCodes.Status408RequestTimeout =>
                (ProblemCodes.Timeout, "The body arrived too slowly. Send it again in one go.", "body"),
            StatusCodes.Status413PayloadTooLarge =>
                (ProblemCodes.BodyTooLarge, "The body is too large. Send a shorter one.", "body"),
            StatusCodes.Status415UnsupportedMediaType =>
                (ProblemCodes.UnsupportedMediaType, "The body must be JSON. Send it with the header 'Content-Type: application/json'.", "Content-Type"),
            StatusCodes.Status503ServiceUnavailable =>
                (ProblemCodes.Overloaded, "The service cannot take this request now. Try again later.", null),
            >= 400 and < 500 => (ProblemCodes.InvalidRequest, "The request could not be understood. See /docs for what is expected.", (string?)null),
            _ => (ProblemCodes.InternalError, OurMistake, null),
        };
        Problem.Name(details, code);
        details.Detail = detail;
        if (field is not null)
        {
            details.Extensions[Problem.Field] = field;
        }
    }

    private static string Path(HttpContext context)
    {
        var path = context.Request.PathBase.Add(context.Request.Path).Value ?? "/";
        return path.Length <= LongestPath ? path : string.Concat(path.AsSpan(0, LongestPath), "…");
    }
}
