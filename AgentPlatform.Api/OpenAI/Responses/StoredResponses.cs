using AgentPlatform.Api.Degradation;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>Finds responses that were stored.</summary>
internal sealed class StoredResponses(ExecutorQueries queries, IOptions<FallbackOptions> fallback, TimeProvider timeProvider)
{
    private const string Field = "response_id";
    private const string NotFoundCode = "response_not_found";

    // What a report to the session may take on its way.
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(200);

    public async Task<OrProblem<StoredResponse>> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (!ResponseIds.TryParse(id, out var runId))
        {
            return NotFound(id);
        }

        var found = await queries.RunAsync(tenant, runId, cancellationToken);
        return found switch
        {
            { Value: { } view } when StoredResponse.Of(view) is { IsResponse: true } stored => stored,
            { Problem: { StatusCode: not StatusCodes.Status404NotFound } problem } => problem,
            _ => NotFound(id),
        };
    }

    /// <summary>The same, once it is certain that the ladder tells nothing else.</summary>
    public async Task<OrProblem<StoredResponse>> FindEndedAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var found = await FindAsync(tenant, id, cancellationToken);
        while (found.Value is { } stored && MayBeTold(stored))
        {
            await Task.Delay(LookAgainAfter, timeProvider, cancellationToken);
            found = await FindAsync(tenant, id, cancellationToken);
        }

        return found;
    }

    public ResponseBody BodyOf(StoredResponse stored) => stored.ToBody(MayBeTold(stored));

    private bool MayBeTold(StoredResponse stored) => stored.MayBeTold(timeProvider.GetUtcNow(), fallback.Value.Deadline + OnTheWay);

    private static ProblemHttpResult NotFound(string id) => Problem.Result(
        StatusCodes.Status404NotFound, NotFoundCode, $"There is no response '{Words.Short(id)}'. It was not stored, was deleted, or never was.", Field);
}
