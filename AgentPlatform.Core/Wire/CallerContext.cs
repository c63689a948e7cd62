using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Core.Wire;

/// <summary>
/// What a caller brings besides the question, where the conversation, tools or settings are the caller's own. It is fixed in the run's journal: a run that is taken
/// over sees what the first executor saw.
/// </summary>
public sealed record CallerContext
{
    /// <summary>The conversation that ends with this question, oldest first, and the question in it; empty when the question stands alone.</summary>
    public IReadOnlyList<BroughtMessage> Messages { get; init; } = [];

    /// <summary>What the model is told behind the agent's own instructions, for this question alone: no later turn hears of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Instructions { get; init; }

    /// <summary>Tools that run at the caller's: a run that calls one of them ends with the call.</summary>
    public IReadOnlyList<ClientTool> Tools { get; init; } = [];

    /// <summary>
    /// <see cref="NoTool"/>: the caller's tools are not offered, the agent's own are; <c>required</c>, or the name of a tool after <see cref="NamedTool"/>: for the run's first reply. Null: as
    /// the model likes.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ToolChoice { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? ParallelToolCalls { get; init; }

    /// <summary>Takes the place of the agent's own sampling, setting by setting.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CallerSampling? Sampling { get; init; }

    /// <summary>JSON schema of this answer; takes the place of the agent's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? ResponseSchema { get; init; }

    public const string NoTool = "none";

    /// <summary>Stands before the name of a tool in <see cref="ToolChoice"/>.</summary>
    public const string NamedTool = "tool:";
}

/// <summary>One message of a conversation that the caller keeps.</summary>
public sealed record BroughtMessage
{
    public required BroughtRole Role { get; init; }

    public string Text { get; init; } = "";

    /// <summary>Of an assistant: the calls it made, whose results follow.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ToolCall>? ToolCalls { get; init; }

    /// <summary>Of a tool: the call whose result the text is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CallId { get; init; }
}

/// <summary>Who speaks.</summary>
public enum BroughtRole
{
    System,
    User,
    Assistant,
    Tool,
}

/// <summary>A tool at the caller's.</summary>
/// <param name="Schema">JSON schema of its arguments.</param>
public sealed record ClientTool(string Name, string Description, JsonElement Schema);

/// <summary>Settings of the model for one run; null: the agent's own.</summary>
public sealed record CallerSampling
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Temperature { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TopP { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxOutputTokens { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Stop { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Seed { get; init; }
}
