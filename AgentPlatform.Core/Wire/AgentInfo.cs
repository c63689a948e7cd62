using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentPlatform.Core.Wire;

/// <summary>An agent as callers may see it, and as the API needs it for its cache: <c>GET executor/agents</c>.</summary>
public sealed record AgentInfo
{
    public required string Name { get; init; }

    /// <summary>Content hash of the definition.</summary>
    public required string Version { get; init; }

    public required string Description { get; init; }

    /// <summary>Configured name of its model.</summary>
    public required string Model { get; init; }

    /// <summary>Digest of everything about the model that changes answers: provider, endpoint, model, sampling.</summary>
    public required string ModelSettings { get; init; }

    /// <summary>Its instructions name the person who asks, so the person is part of what decides an answer.</summary>
    public bool NamesUser { get; init; }

    public IReadOnlyList<ToolInfo> Tools { get; init; } = [];

    public JsonElement? ResponseSchema { get; init; }

    public required AgentLimits Limits { get; init; }

    public required AgentCachePolicy Cache { get; init; }
}

/// <summary>A tool as callers may see it.</summary>
public sealed record ToolInfo(string Name, string Description, ToolEffect Effect);

/// <summary>Bounds of one run; at any of them one last model call without tools.</summary>
public sealed record AgentLimits
{
    /// <summary>Finished tool rounds.</summary>
    public int MaxIterations { get; init; } = 10;

    public int MaxToolCalls { get; init; } = 50;

    /// <summary>Times the same tool may be called with the same arguments.</summary>
    public int MaxRepeatedCalls { get; init; } = 3;

    /// <summary>Input and output tokens of the whole run; null for no bound.</summary>
    public long? MaxTotalTokens { get; init; }

    /// <summary>US dollars of the whole run; null for no bound.</summary>
    public decimal? MaxCostUsd { get; init; }

    /// <summary>Seconds; the smaller of this and the request's timeout holds; null for the request's alone.</summary>
    public double? MaxSeconds { get; init; }
}

/// <summary>Whether and how long an agent's answers are kept, and which questions count as equal.</summary>
/// <remarks>What came later is absent while it has its default, so that the versions of definitions made before stay what they were.</remarks>
public sealed record AgentCachePolicy
{
    /// <summary>The part of its time by which an answer may live longer or shorter, unless the agent says another.</summary>
    public const double DefaultJitter = 0.05;

    public bool Enabled { get; init; } = true;

    /// <summary>Seconds an answer is fresh.</summary>
    public double TtlSeconds { get; init; } = 3600;

    /// <summary>Seconds after that during which it may serve as a stale answer.</summary>
    public double StaleSeconds { get; init; } = 86_400;

    /// <summary>Answers that used <c>read</c> tools may be stored too.</summary>
    public bool AllowRead { get; init; }

    /// <summary>Answers written together should not all run out together: the part by which their time varies; null for <see cref="DefaultJitter"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double? Jitter { get; init; }

    /// <summary>Which characters are the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public QuestionUnicode Unicode { get; init; }

    /// <summary>Whether white space counts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public QuestionWhiteSpace WhiteSpace { get; init; }

    /// <summary>Whether upper and lower case differ.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public QuestionCase Case { get; init; }

    [JsonIgnore]
    public QuestionForm Form => new(Unicode, WhiteSpace, Case);
}
