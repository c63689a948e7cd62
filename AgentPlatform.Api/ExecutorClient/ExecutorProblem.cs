using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>The members of an executor's problem that travel on to the caller.</summary>
internal sealed record ExecutorProblem(string? Code, string? Detail, string? Field, BudgetExceeded? Budget)
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(10);

    /// <summary>Reads a refusal; an answer without our problem body becomes one by its status.</summary>
    public static async Task<RunReply.Refused> ReadAsync(
        HttpResponseMessage response, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var problem = await ReadBodyAsync(response, cancellationToken);
        return new RunReply.Refused(
            (int)response.StatusCode,
            problem?.Code ?? CodeOf(response.StatusCode),
            problem?.Detail ?? "The executor refused the run.",
            problem?.Field,
            RetryAfter(response, timeProvider),
            problem?.Budget);
    }

    private static async Task<ExecutorProblem?> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(ExecutorProblemJson.Default.ExecutorProblem, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string CodeOf(HttpStatusCode status) =>
        status == HttpStatusCode.ServiceUnavailable ? ProblemCodes.ExecutorUnavailable : ProblemCodes.InternalError;

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider timeProvider)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? header?.Date - timeProvider.GetUtcNow();
        // What is away is back soon; a budget begins anew when it does.
        var longest = response.StatusCode == HttpStatusCode.TooManyRequests ? TimeSpan.MaxValue : LongestRetryAfter;
        return wait is { } span && span > TimeSpan.Zero && span <= longest ? span : null;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ExecutorProblem))]
internal sealed partial class ExecutorProblemJson : JsonSerializerContext;
