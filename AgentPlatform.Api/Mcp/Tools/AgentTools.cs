using AgentPlatform.Api.Agents;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Core.Wire;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Api.Mcp.Tools;

/// <summary>The catalogue as tools, as it is at the moment: an agent's name is its tool's.</summary>
internal sealed class AgentTools(AgentDirectory agents)
{
    public async ValueTask<ListToolsResult> ListAsync(CancellationToken cancellationToken)
    {
        var catalogue = await agents.GetAsync(cancellationToken) ?? throw new McpException(AgentNames.NotYetKnown);
        return new ListToolsResult
        {
            Tools = [.. catalogue.Agents.Values.OrderBy(agent => agent.Name, StringComparer.Ordinal).Select(Tool)],
        };
    }

    private static Tool Tool(AgentInfo agent) => new()
    {
        Name = agent.Name,
        Description = agent.Description,
        InputSchema = ToolSchemas.Input,
        OutputSchema = ToolSchemas.OutputOf(agent),
        Annotations = new ToolAnnotations
        {
            ReadOnlyHint = agent.Tools.All(tool => tool.Effect is ToolEffect.Pure or ToolEffect.Read),
            DestructiveHint = agent.Tools.Any(tool => tool.Effect is ToolEffect.Write),
        },
    };
}
