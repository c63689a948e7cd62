using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Identity;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Agents;

/// <summary>The agents one can ask.</summary>
internal static class AgentCatalogueEndpoints
{
    public static RouteGroupBuilder MapAgents(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/agents").WithTags("Agents");
        group.MapGet("", ListAsync)
            .RequireScope(Scopes.Read)
            .WithName("listAgents")
            .WithSummary("The agents, by name")
            .ProducesProblems(503);
        group.MapGet("/{name}", GetAsync)
            .RequireScope(Scopes.Read)
            .WithName("getAgent")
            .WithSummary("An agent: its model, tools and limits")
            .ProducesProblems(404, 503);
        return group;
    }

    private static async Task<Results<Ok<IReadOnlyList<AgentInfo>>, ProblemHttpResult>> ListAsync(
        AgentDirectory agents, CancellationToken cancellationToken)
    {
        if (await agents.GetAsync(cancellationToken) is not { } catalogue)
        {
            return Problem.ExecutorUnavailable(AgentNames.NotYetKnown);
        }

        return TypedResults.Ok<IReadOnlyList<AgentInfo>>([.. catalogue.Agents.Values.OrderBy(agent => agent.Name, StringComparer.Ordinal)]);
    }

    private static async Task<Results<Ok<AgentInfo>, ProblemHttpResult>> GetAsync(
        string name, AgentDirectory agents, CancellationToken cancellationToken)
    {
        if (await agents.GetAsync(cancellationToken) is not { } catalogue)
        {
            return Problem.ExecutorUnavailable(AgentNames.NotYetKnown);
        }

        return catalogue.Find(name) is { } agent
            ? TypedResults.Ok(agent)
            : Problem.Result(StatusCodes.Status404NotFound, ProblemCodes.AgentNotFound, AgentNames.NotFound(name, catalogue), "agent");
    }
}
