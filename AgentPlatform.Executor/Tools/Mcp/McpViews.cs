using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>Servers' tools as people may see them.</summary>
internal static class McpViews
{
    public static IEnumerable<ToolView> View(this McpServers servers) => servers.All.SelectMany(server =>
    {
        var (name, offer) = (server.Definition.Name, server.Offer);
        return offer.IsUp
            ? [.. offer.Listed.Select(tool => Of(name, tool, ToolStatus.Available)), .. offer.Pending.Select(tool => Of(name, tool, ToolStatus.Pending))]
            : new[] { Away(servers, name) };
    });

    private static ToolView Of(string server, McpListedTool tool, ToolStatus status) => new()
    {
        Name = tool.Name,
        Description = tool.Description,
        Effect = tool.Effect,
        Source = SourceOf(server),
        Status = status,
        Schema = tool.Schema,
        Hash = tool.Hash,
    };

    private static ToolView Away(McpServers servers, string server) => new()
    {
        Name = McpNames.AllOf(server),
        Description = "The server is away.",
        Effect = servers.LikelyEffect(McpNames.AllOf(server)),
        Source = SourceOf(server),
        Status = ToolStatus.Unavailable,
    };

    private static string SourceOf(string server) => $"mcp:{server}";
}
