using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Api.Agent;

/// <summary>The body of an answered <c>POST /agent</c>. Nulls are written; only <c>output</c> may be absent.</summary>
internal sealed record AgentAnswer
{
    public required string Answer { get; init; }

    /// <summary>Finished tool rounds; 0 for a direct or cached answer.</summary>
    public int Iterations { get; init; }

    /// <summary>Seconds this request took.</summary>
    public double Duration { get; init; }

    public bool Cached { get; init; }

    /// <summary>The run that was made or joined for this request; null when the answer came from the cache.</summary>
    public Guid? RunId { get; init; }

    public string? SessionId { get; init; }

    public required string Agent { get; init; }

    /// <summary>The model that wrote the text; <c>none</c> for a text no model wrote.</summary>
    public required string Model { get; init; }

    public required AnswerUsage Usage { get; init; }

    /// <summary>Null for the agent's own full answer.</summary>
    public Degraded? Degraded { get; init; }

    public required AnswerCacheInfo Cache { get; init; }

    /// <summary>Calls of the caller's own tools with which the run ended; told by the dialects that know of such tools.</summary>
    [JsonIgnore]
    public IReadOnlyList<ToolCall>? HandedOver { get; init; }

    /// <summary>Why the model stopped, in its own word; told by the dialects that have the word.</summary>
    [JsonIgnore]
    public string? FinishReason { get; init; }

    /// <summary>The answer as JSON; absent when the agent has no response schema.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Output { get; init; }
}

/// <summary>Tokens and money this request cost.</summary>
/// <param name="CostUsd">US dollars; null when the price of a used model is not configured.</param>
/// <param name="Estimated">True when a model reported no usage.</param>
internal sealed record AnswerUsage(long InputTokens, long OutputTokens, long TotalTokens, decimal? CostUsd, bool Estimated)
{
    public static AnswerUsage Of(Usage usage) =>
        new(usage.InputTokens, usage.OutputTokens, usage.TotalTokens, usage.CostUsd, usage.Estimated);
}

/// <summary>What the cache had to do with an answer.</summary>
/// <param name="Hit">The answer came out of the cache.</param>
/// <param name="Age">Seconds since it was written; null when it was not in the cache.</param>
/// <param name="Stale">It was past its time and served because nothing better was to be had.</param>
/// <param name="SourceRunId">The run that wrote a cached answer.</param>
/// <param name="Decision">A word: <c>hit</c>, <c>stored</c>, <c>joined</c>, <c>effects</c>, <c>disabled</c>, <c>degraded</c>, <c>bypassed</c>, …</param>
internal sealed record AnswerCacheInfo(bool Hit, double? Age, bool Stale, Guid? SourceRunId, string Decision);
