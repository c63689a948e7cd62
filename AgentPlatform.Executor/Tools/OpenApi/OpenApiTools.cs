using AgentPlatform.Executor.Tools.Http;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>
/// Operations of OpenAPI documents as tools of the agents that select them. Calls go the way of every HTTP tool: bulkhead and circuit
/// of their server, deadline, repetition by effect; and through the guarded door.
/// </summary>
internal sealed class OpenApiTools(ToolSecrets secrets, HttpToolClient client)
{
    /// <summary>The HTTP client of these tools.</summary>
    public const string Client = "openapi_tools";

    public AgentTool ToolOf(OpenApiTool tool)
    {
        var endpoint = new HttpEndpoint(
            tool.Name,
            HttpMethod.Parse(tool.Method),
            new Uri(tool.Server).Authority,
            tool.Effect,
            TimeSpan.FromSeconds(tool.DeadlineSeconds),
            tool.MaxResultLength,
            Client,
            Untrusted: true);
        return HttpToolSet.AgentTool(new OpenApiFunction(tool, endpoint, secrets, client), endpoint);
    }
}
