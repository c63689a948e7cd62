using System.Diagnostics;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Sessions;

namespace AgentPlatform.Executor.Runs;

/// <summary>
/// <c>POST /runs</c>: start a run or attach to it, and follow it. The answer is a stream of JSON lines: a heartbeat each
/// second, the outcome last. A stream that ends without an outcome means: ask another executor with the same body.
/// </summary>
internal static class RunEndpoints
{
    public static IEndpointRouteBuilder MapRuns(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/runs", FollowAsync);
        return routes;
    }

    private static async Task<IResult> FollowAsync(HttpContext http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var request = await http.Request.ReadFromJsonAsync<RunRequest>(WireJson.Options, cancellationToken);
        if (request is null)
        {
            return ExecutorProblems.Unreadable("The body must be a run.");
        }

        request = request with { TraceParent = Activity.Current?.Id };
        var host = RunHosts.Of(grains, request);
        var news = await host.FollowAsync(JsonSerializer.SerializeToUtf8Bytes(request, WireJson.Options));
        return news.Refused is { } code
            ? Refused(code, request)
            : new FramesResult(host, request, news);
    }

    private static ExecutorProblem Refused(string code, RunRequest request) => code switch
    {
        ProblemCodes.AgentNotFound => ExecutorProblems.AgentNotFound(request.Agent),
        ProblemCodes.SessionBusy => ExecutorProblems.SessionBusy(request.SessionId!),
        ProblemCodes.Overloaded => ExecutorProblems.Overloaded(),
        ProblemCodes.Draining => ExecutorProblems.Draining(),
        ProblemCodes.DatabaseUnavailable => ExecutorProblems.DatabaseUnavailable(),
        _ => ExecutorProblems.Internal(),
    };
}
