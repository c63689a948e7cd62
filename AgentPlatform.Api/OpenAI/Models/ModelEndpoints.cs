using AgentPlatform.Api.Agents;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Identity;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.OpenAI.Models;

/// <summary>The agents, as the models that OpenAI's clients can name.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/models", ListAsync)
            .RequireScope(Scopes.Read)
            .WithName("listModels")
            .WithSummary("The agents as models")
            .ProducesProblems(503);
        endpoints.MapGet("/models/{name}", GetAsync)
            .RequireScope(Scopes.Read)
            .WithName("getModel")
            .WithSummary("An agent as a model")
            .ProducesProblems(404, 503);
    }

    private static async Task<Results<JsonHttpResult<ModelList>, ProblemHttpResult>> ListAsync(AgentDirectory agents, CancellationToken cancellationToken) =>
        await agents.GetAsync(cancellationToken) is { } catalogue
            ? TypedResults.Json(new ModelList([.. catalogue.Agents.Keys.Order(StringComparer.Ordinal).Select(name => new Model(name))]), PublicJson.Options)
            : Problem.ExecutorUnavailable(AgentNames.NotYetKnown);

    private static async Task<Results<JsonHttpResult<Model>, ProblemHttpResult>> GetAsync(string name, AgentDirectory agents, CancellationToken cancellationToken) =>
        await agents.GetAsync(cancellationToken) is not { } catalogue ? Problem.ExecutorUnavailable(AgentNames.NotYetKnown)
        : catalogue.Find(name) is not null ? TypedResults.Json(new Model(name), PublicJson.Options)
        : Problem.Result(StatusCodes.Status404NotFound, ProblemCodes.AgentNotFound, AgentNames.NotFound(name, catalogue), "agent");
}
