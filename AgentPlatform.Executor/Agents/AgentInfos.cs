using System.Globalization;
using System.Text;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Tools;
using AgentPlatform.Executor.Tools.Mcp;

namespace AgentPlatform.Executor.Agents;

/// <summary>A definition as callers may see it: what it can do and under which versions, not how it is instructed.</summary>
internal static class AgentInfos
{
    public static AgentInfo Describe(AgentDefinition agent, ToolCatalogue tools, AgentModels models) => new()
    {
        Name = agent.Name,
        Version = agent.Version,
        Description = agent.Description,
        Model = agent.Model,
        ModelSettings = ModelSettings(agent, models),
        NamesUser = AgentInstructions.NameUser(agent.Instructions),
        Tools = Tools(tools.Resolve(agent), tools.Servers),
        ResponseSchema = agent.ResponseSchema,
        Limits = agent.Limits,
        Cache = agent.Cache,
    };

    /// <summary>What is not there now may be there in a moment: whoever goes by effects must count with it.</summary>
    private static ToolInfo[] Tools(ResolvedTools resolved, McpServers? servers) =>
    [
        .. resolved.Tools.Select(tool => new ToolInfo(tool.Name, tool.Description, tool.Effect)),
        .. resolved.Missing.Select(name => new ToolInfo(name, "Not there at the moment.", servers?.LikelyEffect(name) ?? ToolEffect.Write)),
    ];

    /// <summary>Fallback models are no part of it: what they answer is degraded and never cached.</summary>
    public static string ModelSettings(AgentDefinition agent, AgentModels models)
    {
        var sampling = string.Create(CultureInfo.InvariantCulture, $"{agent.Temperature}|{agent.TopP}|{agent.MaxTokens}");
        return AgentVersion.Hash(Encoding.UTF8.GetBytes($"{models.Settings(agent.Model)}\n{sampling}"));
    }
}
