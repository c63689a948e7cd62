using System.Diagnostics;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AgentPlatform.Api.Problems;

/// <summary>
/// Makes the one shape of every error: RFC 9457 members, plus <c>code</c> for programs, <c>field</c> naming what is at fault,
/// and <c>trace_id</c> for the one who looks into the logs.
/// </summary>
internal static class Problem
{
    public const string Code = "code";
    public const string Field = "field";
    public const string TraceId = "trace_id";
    public const string RunId = "run_id";
    public const string Budget = "budget";

    /// <summary>Seconds; taken out of the body and sent as the header of that name.</summary>
    public const string RetryAfter = "retry_after";

    private const string TypePrefix = "urn:agentplatform:problem:";

    /// <param name="code">One of <see cref="ProblemCodes"/>.</param>
    /// <param name="detail">A sentence that says what is wrong and what to do.</param>
    /// <param name="field">The member, parameter or header at fault.</param>
    /// <param name="budget">The budget that does not allow it.</param>
    public static ProblemHttpResult Result(
        int status, string code, string detail, string? field = null, TimeSpan? retryAfter = null, Guid? runId = null, BudgetExceeded? budget = null)
    {
        var details = new ProblemDetails { Status = status, Detail = detail };
        Name(details, code);
        if (field is not null)
        {
            details.Extensions[Field] = field;
        }

        if (runId is { } id)
        {
            details.Extensions[RunId] = id.ToString();
        }

        if (budget is not null)
        {
            details.Extensions[Budget] = budget;
        }

        if (retryAfter is { } wait)
        {
            details.Extensions[RetryAfter] = (long)Math.Ceiling(wait.TotalSeconds);
        }

        return TypedResults.Problem(details);
    }

    /// <summary>400 for one wrong member, parameter or header.</summary>
    public static ProblemHttpResult Invalid(string field, string detail) =>
        Result(StatusCodes.Status400BadRequest, ProblemCodes.InvalidRequest, detail, field);

    /// <summary>503: nothing behind the API could answer; trying again soon makes sense.</summary>
    public static ProblemHttpResult ExecutorUnavailable(string detail) =>
        Result(StatusCodes.Status503ServiceUnavailable, ProblemCodes.ExecutorUnavailable, detail, retryAfter: TimeSpan.FromSeconds(1));

    /// <summary>500: a mistake of ours, without a word of what it was.</summary>
    public static ProblemHttpResult Internal() =>
        Result(StatusCodes.Status500InternalServerError, ProblemCodes.InternalError, StatusProblems.OurMistake);

    /// <summary>The body as it is sent, for a stream or to be kept for a repetition.</summary>
    public static string Text(ProblemHttpResult problem, HttpContext context)
    {
        var details = problem.ProblemDetails;
        var sent = new ProblemDetails { Type = details.Type, Title = details.Title, Status = details.Status, Detail = details.Detail };
        foreach (var (name, value) in details.Extensions.Where(member => member.Key != RetryAfter))
        {
            sent.Extensions[name] = value;
        }

        sent.Extensions[TraceId] = TraceIdOf(context);
        return JsonSerializer.Serialize(sent, PublicJson.Options);
    }

    public static string TraceIdOf(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;

    /// <summary>Sets the members that follow from the code: its own, the type and the title.</summary>
    public static void Name(ProblemDetails details, string code)
    {
        details.Extensions[Code] = code;
        details.Type = TypePrefix + code;
        details.Title = string.Concat(code[..1].ToUpperInvariant(), code[1..].Replace('_', ' '));
    }
}
