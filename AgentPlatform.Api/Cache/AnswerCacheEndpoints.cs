using AgentPlatform.Api.Identity;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Cache;

/// <summary>The caller's answers in the cache: nothing but to be rid of them.</summary>
internal static class AnswerCacheEndpoints
{
    private const string Agent = "agent";
    private const string Version = "version";

    private static readonly string[] Known = [Agent, Version];

    public static IEndpointConventionBuilder MapAnswerCache(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapDelete("/cache", RemoveAsync)
            .WithTags("Cache")
            .RequireScope(Scopes.Admin)
            .WithName("removeAnswers")
            .WithSummary("Remove an agent's answers from the cache")
            .WithDescription(
                """
                All of them, fresh or stale, or with `version` those that one version wrote; only the caller's own. Takes effect at once here and within five seconds
                at every other replica. Runs that are under way go on, but what they answer is not kept.
                """)
            .WithQuery(Agent, Version)
            .ProducesProblems(400, 503);

    private static async Task<Results<Ok<RemovedAnswers>, ProblemHttpResult>> RemoveAsync(
        HttpContext context, AnswerCache cache, CancellationToken cancellationToken)
    {
        if (Broken(context.Request.Query) is { } broken)
        {
            return broken;
        }

        var query = context.Request.Query;
        var version = query.TryGetValue(Version, out var wanted) ? wanted.ToString() : null;
        return await cache.RemoveAsync(Tenant.Of(context), query[Agent].ToString(), version, cancellationToken) is { } removed
            ? TypedResults.Ok(new RemovedAnswers(removed))
            : Problem.Result(
                StatusCodes.Status503ServiceUnavailable, ProblemCodes.CacheUnavailable,
                "The cache could not be looked through to its end: some of the answers may still be there. Send the request again.",
                retryAfter: TimeSpan.FromSeconds(1));
    }

    private static ProblemHttpResult? Broken(IQueryCollection query)
    {
        if (query.Keys.FirstOrDefault(name => !Known.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            return Problem.Invalid(Words.Short(unknown), $"'{Words.Short(unknown)}' is not known here. Known are {string.Join(", ", Known)}.");
        }

        if (!query.ContainsKey(Agent))
        {
            return Problem.Invalid(Agent, $"'{Agent}' is missing. Name the agent whose answers are to be removed, such as /cache?agent=default.");
        }

        return query.FirstOrDefault(parameter => parameter.Value.Count != 1 || !Checks.IsName(parameter.Value.ToString())) is { Key: { } wrong }
            ? Problem.Invalid(wrong, $"'{wrong}' must be one value of 1 to 64 characters of A–Z, a–z, 0–9 and _ . - only, as GET /agents shows it.")
            : null;
    }
}
