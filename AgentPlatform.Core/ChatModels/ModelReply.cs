using AgentPlatform.Core.Wire;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Core.ChatModels;

/// <summary>What one model call brought.</summary>
public sealed record ModelReply
{
    /// <summary>The assistant's message for the next request: text and calls.</summary>
    public required ChatMessage Message { get; init; }

    /// <summary>Empty when the model only called tools.</summary>
    public required string Text { get; init; }

    public required IReadOnlyList<ModelToolCall> ToolCalls { get; init; }

    /// <summary>Tokens as the endpoint counted them, or estimated from the characters when it did not say.</summary>
    public required Usage Usage { get; init; }

    /// <summary>The model's id as the endpoint reported it.</summary>
    public required string ModelId { get; init; }

    /// <summary>Requests made for this reply, 1 when the first succeeded.</summary>
    public required int Attempts { get; init; }

    /// <summary><c>stop</c>, <c>length</c>, <c>tool_calls</c> or <c>content_filter</c>.</summary>
    public required string FinishReason { get; init; }

    /// <summary>All attempts and the pauses between them.</summary>
    public required TimeSpan Duration { get; init; }
}
