using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Identity;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Tenants;

/// <summary>All that the caller's tenant has: to take along, and to be rid of.</summary>
internal static class TenantEndpoints
{
    private const string Confirm = "confirm";

    /// <summary>A tenant of many runs takes its time; asked again, the removal goes on.</summary>
    private static readonly TimeSpan RemoveWithin = TimeSpan.FromMinutes(2);

    public static RouteGroupBuilder MapTenant(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/tenant").WithTags("Tenant").RequireScope(Scopes.Admin);
        group.MapGet("/export", ExportAsync)
            .WithName("exportTenant")
            .WithSummary("Everything your tenant has")
            .WithDescription(
                """
                JSON lines `{"type", "data"}`: conversations, runs with their events, recorded outcomes, keys without what could open anything, budgets, the audit. The last line is `{"type":"end"}`: without it
                the export broke off. A tenant has one at a time, and not for ever.
                """)
            .Produces(StatusCodes.Status200OK, contentType: InternalWire.FramesContentType)
            .ProducesProblems(429, 503);
        group.MapDelete("", RemoveAsync)
            .WithName("removeTenant")
            .WithSummary("Remove everything your tenant has")
            .WithDescription(
                """
                `confirm` must be the tenant's name. Open runs are cancelled; then everything goes, cached answers included and the keys last. The audit keeps that it began and ended, and what the tenant's budgets
                counted stays counted until their windows end. It goes on when you hang up; where it broke off, ask again.
                """)
            .WithQuery(Confirm)
            .ProducesProblems(400, 409, 503);
        return group;
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> ExportAsync(
        HttpContext context, TenantExports exports, CancellationToken cancellationToken)
    {
        var begun = await exports.BeginAsync(Tenant.Of(context), cancellationToken);
        return begun.IsGood ? TypedResults.Stream(PassOnAsync, InternalWire.FramesContentType) : begun.Problem;

        async Task PassOnAsync(Stream output)
        {
            using var response = begun.Value;
            await response.Content.CopyToAsync(output, cancellationToken);
        }
    }

    private static async Task<Results<Ok<RemovedTenant>, ProblemHttpResult>> RemoveAsync(
        HttpContext context, ExecutorCommands executor, AgentDirectory directory, AnswerCache cache, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var tenant = Tenant.Of(context);
        var query = context.Request.Query;
        if (query.Count != 1 || query[Confirm] is not [{ } confirmed] || confirmed != tenant)
        {
            return Problem.Invalid(Confirm, "'confirm' must be the name of your tenant and the only parameter: everything it has will be removed.");
        }

        // Who hangs up does not keep half of it.
        return await RemoveAllAsync(tenant, executor, directory, cache, lifetime.ApplicationStopping).WaitAsync(cancellationToken);
    }

    private static async Task<Results<Ok<RemovedTenant>, ProblemHttpResult>> RemoveAllAsync(
        string tenant, ExecutorCommands executor, AgentDirectory directory, AnswerCache cache, CancellationToken cancellationToken)
    {
        var removed = await executor.RemoveTenantAsync(tenant, RemoveWithin, cancellationToken);
        if (!removed.IsGood)
        {
            return removed.Problem;
        }

        var known = (await directory.GetAsync(cancellationToken))?.Agents.Keys ?? [];
        var answers = 0L;
        foreach (var agent in removed.Value.Agents.Union(known, StringComparer.Ordinal))
        {
            if (await cache.RemoveAsync(tenant, agent, version: null, cancellationToken) is not { } some)
            {
                return Problem.Result(
                    StatusCodes.Status503ServiceUnavailable, ProblemCodes.CacheUnavailable,
                    "Everything but the cached answers was removed: the cache cannot be reached. Send the request again, or wait a day: none of them lives longer.",
                    retryAfter: TimeSpan.FromSeconds(1));
            }

            answers += some;
        }

        return TypedResults.Ok(new RemovedTenant(removed.Value.Rows, answers));
    }
}
