using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>
/// What a response says again of the request it answers. It is kept in the run's journal, and marks the run as a response: what was not to be stored has none.
/// Absent is what the caller did not say.
/// </summary>
internal sealed record ResponseEcho
{
    /// <summary>The items as they came; null for a plain text, which is the run's question.</summary>
    public JsonElement? Input { get; init; }

    public string? Instructions { get; init; }

    public string? PreviousResponseId { get; init; }

    public double? Temperature { get; init; }

    public double? TopP { get; init; }

    public int? MaxOutputTokens { get; init; }

    public JsonElement? Text { get; init; }

    public JsonElement? Tools { get; init; }

    public JsonElement? ToolChoice { get; init; }

    public bool? ParallelToolCalls { get; init; }

    public string? Truncation { get; init; }

    /// <summary>Not kept: the answer is, and nothing else.</summary>
    [JsonIgnore]
    public bool IsStored { get; init; } = true;

    public static ResponseEcho? Read(JsonElement? echo) => echo?.Deserialize(ResponsesJson.Kept.ResponseEcho);
}
