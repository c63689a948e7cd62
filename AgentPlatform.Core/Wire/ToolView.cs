using System.Text.Json;

namespace AgentPlatform.Core.Wire;

/// <summary>A tool of the platform as it stands now, whichever agents have it: <c>GET /tools</c>.</summary>
public sealed record ToolView
{
    /// <summary>As models see it; <c>server__*</c> for a server whose tools are not known because it is away.</summary>
    public required string Name { get; init; }

    public required string Description { get; init; }

    public required ToolEffect Effect { get; init; }

    /// <summary>Where it comes from: the name of a plugin, a section of the configuration, or <c>mcp:</c> and the name of a server.</summary>
    public required string Source { get; init; }

    public required ToolStatus Status { get; init; }

    /// <summary>JSON schema of its arguments; null while it is not known.</summary>
    public JsonElement? Schema { get; init; }

    /// <summary>Of what a remote server says about it: what a person accepts. Null for tools that do not come from one.</summary>
    public string? Hash { get; init; }
}

public enum ToolStatus
{
    Available,

    /// <summary>It changed on its server and is not used until a person accepts it.</summary>
    Pending,

    /// <summary>Its server is away.</summary>
    Unavailable,
}

/// <summary>All tools, by name.</summary>
public sealed record ToolListing(IReadOnlyList<ToolView> Tools);

/// <summary><c>POST executor/tools/{name}/accept</c>: a person's word for a tool that changed.</summary>
/// <param name="Hash">Of the tool as the person saw it.</param>
/// <param name="By">Who accepts it.</param>
public sealed record ToolAcceptance(string Hash, string? By = null);
