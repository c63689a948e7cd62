using AgentPlatform.Api.Identity;
using AgentPlatform.Core.Identity;

namespace AgentPlatform.Api.Agents;

/// <summary>The JSON schema of an agent's file, for editors of files that are kept elsewhere than in this repository.</summary>
internal static class AgentSchemaEndpoint
{
    private const string Resource = "agent.schema.json";

    public static IEndpointConventionBuilder MapAgentSchema(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/schemas/agent.json", static () => TypedResults.Stream(
                typeof(AgentSchemaEndpoint).Assembly.GetManifestResourceStream(Resource)!, "application/schema+json"))
            .RequireScope(Scopes.Read)
            .ExcludeFromDescription();
}
