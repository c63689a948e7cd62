using System.Collections.Frozen;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>What one server has to offer at one moment.</summary>
internal sealed record McpOffer(bool IsUp, IReadOnlyList<AgentTool> Tools, IReadOnlyList<McpListedTool> Listed, IReadOnlyList<McpListedTool> Pending)
{
    public static McpOffer Down { get; } = new(false, [], [], []);

    public FrozenDictionary<string, AgentTool> ByName { get; } = Tools.ToFrozenDictionary(tool => tool.Name, StringComparer.Ordinal);

    /// <summary>Whether agents notice a difference.</summary>
    public bool IsAs(McpOffer other) =>
        IsUp == other.IsUp
        && Listed.Select(tool => (tool.Name, tool.Hash)).SequenceEqual(other.Listed.Select(tool => (tool.Name, tool.Hash)))
        && Pending.Select(tool => (tool.Name, tool.Hash)).SequenceEqual(other.Pending.Select(tool => (tool.Name, tool.Hash)));
}
