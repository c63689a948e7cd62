using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Api.OpenAI.Chat;

/// <summary>The answer of <c>POST /v1/chat/completions</c>. What is not in OpenAI's own form stands at its end; clients pass over it.</summary>
internal sealed record ChatCompletion
{
    public required string Id { get; init; }

    public string Object { get; } = "chat.completion";

    /// <summary>Seconds since 1970.</summary>
    public required long Created { get; init; }

    /// <summary>The agent.</summary>
    public required string Model { get; init; }

    public required IReadOnlyList<ChatChoice> Choices { get; init; }

    public required ChatUsage Usage { get; init; }

    /// <summary>Ours: the run; null for an answer out of the cache.</summary>
    public Guid? RunId { get; init; }

    /// <summary>Ours: null for the agent's own full answer.</summary>
    public Degraded? Degraded { get; init; }

    /// <summary>Ours: what the cache had to do with it.</summary>
    public AnswerCacheInfo? Cache { get; init; }

    public static ChatCompletion Of(ChatRequest request, AgentAnswer answer, string id, long created) => new()
    {
        Id = id,
        Created = created,
        Model = request.Model,
        Choices = [new ChatChoice(0, ChatMessageOut.Of(answer), FinishReasons.Of(answer))],
        Usage = ChatUsage.Of(answer.Usage),
        RunId = answer.RunId,
        Degraded = answer.Degraded,
        Cache = answer.Cache,
    };
}

internal sealed record ChatChoice(int Index, ChatMessageOut Message, string FinishReason)
{
    public JsonElement? Logprobs { get; }
}

internal sealed record ChatMessageOut(string? Content)
{
    public string Role { get; } = "assistant";

    public string? Refusal { get; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ChatToolCall>? ToolCalls { get; init; }

    public static ChatMessageOut Of(AgentAnswer answer) => new(answer is { HandedOver: not null, Answer: "" } ? null : answer.Answer)
    {
        ToolCalls = ChatToolCall.Of(answer.HandedOver),
    };
}

/// <summary>A call that is the caller's to make.</summary>
internal sealed record ChatToolCall(string Id, ChatFunction Function)
{
    /// <summary>Its place, in a stream.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Index { get; init; }

    public string Type { get; } = "function";

    public static IReadOnlyList<ChatToolCall>? Of(IReadOnlyList<ToolCall>? calls, bool numbered = false) => calls is null
        ? null
        : [.. calls.Select((call, index) => new ChatToolCall(call.CallId, new ChatFunction(call.Tool, call.Arguments)) { Index = numbered ? index : null })];
}

/// <param name="Arguments">JSON, as the model wrote it.</param>
internal sealed record ChatFunction(string Name, string Arguments);

internal sealed record ChatUsage(long PromptTokens, long CompletionTokens, long TotalTokens)
{
    public PromptTokensDetails PromptTokensDetails { get; } = new(0);

    public CompletionTokensDetails CompletionTokensDetails { get; } = new(0);

    public static ChatUsage Of(AnswerUsage usage) => new(usage.InputTokens, usage.OutputTokens, usage.TotalTokens);
}

internal sealed record PromptTokensDetails(long CachedTokens);

internal sealed record CompletionTokensDetails(long ReasoningTokens);
