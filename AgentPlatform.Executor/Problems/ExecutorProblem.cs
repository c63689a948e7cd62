using System.Diagnostics;
using System.Globalization;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.WebUtilities;

namespace AgentPlatform.Executor.Problems;

/// <summary>A refusal or a failure as an HTTP answer. Made by <see cref="ExecutorProblems"/>.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">One of <c>ProblemCodes</c>.</param>
/// <param name="detail">A sentence for people; never an exception's text.</param>
internal sealed class ExecutorProblem(int status, string code, string detail) : IResult
{
    private const string ContentType = "application/problem+json";

    public int Status => status;

    public string Code => code;

    /// <summary>The part of the request at fault.</summary>
    public string? Field { get; init; }

    /// <summary>The budget that was exceeded.</summary>
    public BudgetExceeded? Budget { get; init; }

    /// <summary>When trying again makes sense; whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Ends the connection too: the caller's next request belongs elsewhere.</summary>
    public bool ClosesConnection { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (ClosesConnection)
        {
            response.Headers.Connection = "close";
        }

        var body = new ProblemBody
        {
            Title = ReasonPhrases.GetReasonPhrase(status),
            Status = status,
            Detail = detail,
            Code = code,
            TraceId = Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier,
            Field = Field,
            Budget = Budget,
        };
        return response.WriteAsJsonAsync(body, ProblemJson.Default.ProblemBody, ContentType, httpContext.RequestAborted);
    }
}
