using System.Text.Json.Serialization;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>
/// An MCP server whose tools agents may call: a program that is started as a child, or an HTTP endpoint. Values of
/// <see cref="Environment"/> and <see cref="Headers"/> name secrets, <c>{secret:NAME}</c>, and do not hold them where they come from an agent's file.
/// </summary>
internal sealed record McpServerDefinition
{
    public const double DefaultDeadlineSeconds = 30;

    public const int DefaultMaxConcurrent = 16;

    public required string Name { get; init; }

    /// <summary>Where it is declared, for people: a configuration key, or a file and line.</summary>
    [JsonIgnore]
    public string Source { get; init; } = "";

    /// <summary>The program; null for an HTTP server.</summary>
    public string? Command { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>All that the program gets besides a handful of harmless variables such as PATH.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string? WorkingDirectory { get; init; }

    /// <summary>The endpoint (Streamable HTTP); null for a program.</summary>
    public string? Url { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>What the server says about its tools' effects is believed.</summary>
    public bool TrustAnnotations { get; init; }

    /// <summary>Effects by the server's own names of its tools; they overrule everything.</summary>
    public IReadOnlyDictionary<string, ToolEffect> Effects { get; init; } = new Dictionary<string, ToolEffect>();

    /// <summary>Total time of one call, whatever progress it reports.</summary>
    public double DeadlineSeconds { get; init; } = DefaultDeadlineSeconds;

    /// <summary>UTF-16 code units.</summary>
    public int MaxResultLength { get; init; } = ToolEffectAttribute.DefaultMaxResultLength;

    /// <summary>Calls under way at one time.</summary>
    public int MaxConcurrent { get; init; } = DefaultMaxConcurrent;

    [JsonIgnore]
    public TimeSpan Deadline => TimeSpan.FromSeconds(DeadlineSeconds);
}
