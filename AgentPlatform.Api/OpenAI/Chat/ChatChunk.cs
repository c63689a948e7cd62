using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Degradation;

namespace AgentPlatform.Api.OpenAI.Chat;

/// <summary>One piece of a streamed answer.</summary>
internal sealed record ChatChunk(string Id, long Created, string Model, IReadOnlyList<ChunkChoice> Choices)
{
    public string Object { get; } = "chat.completion.chunk";

    /// <summary>In a piece of its own behind the last, where the caller asked for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatUsage? Usage { get; init; }

    /// <summary>Ours, in the last piece: the run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? RunId { get; init; }

    /// <summary>Ours, in the last piece: absent for the agent's own full answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Degraded? Degraded { get; init; }

    /// <summary>Ours, in the last piece.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AnswerCacheInfo? Cache { get; init; }
}

internal sealed record ChunkChoice(int Index, ChunkDelta Delta, string? FinishReason)
{
    public JsonElement? Logprobs { get; }
}

internal sealed record ChunkDelta
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Content { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ChatToolCall>? ToolCalls { get; init; }
}
