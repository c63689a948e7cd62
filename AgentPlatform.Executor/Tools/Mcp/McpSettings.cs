using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>How this executor deals with all its MCP servers.</summary>
internal sealed class McpSettings
{
    public const string Section = "Tools:Mcp";

    /// <summary>A server that has not said hello by then counts as dead until the next attempt; a program may have to be downloaded first.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the start of the executor waits for its servers. Those that are later bring their tools later.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan StartWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a server is asked for its tools when it reports no change, and so whether it is there at all.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "1.00:00:00")]
    public TimeSpan RefreshEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest pause between two attempts to reach a dead server; the first takes a quarter of a second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A call of a server that is being reached again waits so long for it.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan WaitForServer { get; init; } = TimeSpan.FromSeconds(2);
}
