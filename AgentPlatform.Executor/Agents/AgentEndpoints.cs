using System.Net.Mime;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace AgentPlatform.Executor.Agents;

/// <summary>The catalogue, for the API: <c>GET /agents</c> with an entity tag, so that asking often costs little.</summary>
internal static class AgentEndpoints
{
    public static RouteGroupBuilder MapAgents(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(AgentCatalogue)) is false)
        {
            throw new InvalidOperationException("MapAgents needs services.AddAgents(…).");
        }

        var group = routes.MapGroup("/agents").WithTags("Agents");
        group.MapGet("", List).WithSummary("All agents, by name; 304 when the caller's If-None-Match still holds.");
        group.MapGet("/{name}", Get).WithSummary("One agent.");
        return group;
    }

    private static FileContentHttpResult List(AgentCatalogue catalogue)
    {
        var set = catalogue.Set;
        return TypedResults.Bytes(set.Json, MediaTypeNames.Application.Json, entityTag: EntityTagHeaderValue.Parse(set.ETag));
    }

    private static Results<JsonHttpResult<AgentInfo>, ProblemHttpResult> Get(string name, AgentCatalogue catalogue) =>
        catalogue.Set.Describe(name) is { } info
            ? TypedResults.Json(info, WireJson.Options)
            : TypedResults.Problem(
                $"There is no agent '{name}'.",
                statusCode: StatusCodes.Status404NotFound,
                title: "Agent not found",
                extensions: new Dictionary<string, object?> { ["code"] = ProblemCodes.AgentNotFound });
}
