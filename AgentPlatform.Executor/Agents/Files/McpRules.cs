using AgentPlatform.Executor.Tools;
using AgentPlatform.Executor.Tools.Mcp;

namespace AgentPlatform.Executor.Agents.Files;

/// <summary>What agents' files need to know to name MCP servers, and to declare their own.</summary>
/// <param name="Configured">Servers that every file may name.</param>
internal sealed record McpRules(IReadOnlyList<McpServerDefinition> Configured, ToolSecrets Secrets)
{
    /// <summary>For a catalogue without servers.</summary>
    public static McpRules None { get; } = new([], new ToolSecrets(new ConfigurationBuilder().Build()));

    public static McpRules Of(McpServers? servers) => servers is null ? None : new McpRules(servers.Configured, servers.Secrets);
}
