using System.Text.Json.Serialization;

namespace AgentPlatform.Core.Wire.Events;

/// <summary>The model answered: with text, with tool calls, or both.</summary>
public sealed record ModelReplied : RunEvent
{
    /// <summary>The model's own id, as it reported it.</summary>
    public required string Model { get; init; }

    /// <summary>The model's name in the configuration, when it was not the agent's first choice.</summary>
    public string? FallbackModel { get; init; }

    public required string Text { get; init; }

    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>Calls of tools at the caller's: the run ends with them, and their results are the beginning of another. Null when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ToolCall>? HandedOver { get; init; }

    /// <summary>
    /// Lengths, in UTF-16 code units, of the deltas watchers were sent, in order; their sum is the length of
    /// <see cref="Text"/>. Null when nobody watched.
    /// </summary>
    public IReadOnlyList<int>? DeltaLengths { get; init; }

    public required Usage Usage { get; init; }

    /// <summary>Which attempt at this reply it was, from 1; earlier ones were discarded.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>HTTP requests made for it, retries included.</summary>
    public int Requests { get; init; } = 1;

    public long DurationMs { get; init; }

    public string? FinishReason { get; init; }

    /// <summary>The limit that made this the last call, without tools; null for an ordinary reply.</summary>
    public string? Limit { get; init; }
}

/// <summary>A call as the model wrote it.</summary>
/// <param name="CallId">Unique within the run.</param>
/// <param name="Tool">Name of the tool, offered or not.</param>
/// <param name="Arguments">The raw text of the arguments; JSON unless the model made a mistake.</param>
public sealed record ToolCall(string CallId, string Tool, string Arguments);

/// <summary>Pieces of a reply that are void.</summary>
/// <param name="Text">All of them.</param>
/// <param name="DeltaLengths">Their lengths, UTF-16 code units.</param>
public sealed record DiscardedAttempt(string Text, IReadOnlyList<int> DeltaLengths);
