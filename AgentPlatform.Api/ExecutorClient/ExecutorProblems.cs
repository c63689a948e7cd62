using System.Text.Json;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>
/// Passes the executor's problems on. Refusals (4xx) and a deliberate 503 keep status, code and sentence; any other failure
/// becomes a neutral one of ours, so that nothing of the inside gets out.
/// </summary>
internal static class ExecutorProblems
{
    public static async Task<ProblemHttpResult> PassOnAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var deliberate = status is >= 400 and < 500 or StatusCodes.Status503ServiceUnavailable;
        if (deliberate && await ReadAsync(response, cancellationToken) is { Code: { Length: > 0 } code, Detail: { } detail } problem)
        {
            return Problem.Result(status, code, detail, problem.Field, response.Headers.RetryAfter?.Delta);
        }

        return status == StatusCodes.Status503ServiceUnavailable
            ? Problem.ExecutorUnavailable("No executor can answer now. Try again in a moment.")
            : Problem.Result(
                StatusCodes.Status500InternalServerError,
                ProblemCodes.InternalError,
                "Something went wrong on our side. The trace id leads to it in the logs.");
    }

    private static async Task<Refusal?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<Refusal>(WireJson.Options, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Refusal(string? Code, string? Detail, string? Field);
}
