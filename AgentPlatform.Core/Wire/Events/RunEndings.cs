using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentPlatform.Core.Wire.Events;

/// <summary>Another process, or the same after a restart or a wait, took the run up.</summary>
public sealed record RunResumed : RunEvent
{
    public required long Epoch { get; init; }

    public required string Executor { get; init; }

    /// <summary>It had waited in a queue: work begins only now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FromQueue { get; init; }

    /// <summary>It had waited for a person: nothing was interrupted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FromWait { get; init; }

    /// <summary>Results that anybody may have written had entered the conversation while it waited.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Untrusted { get; init; }
}

/// <summary>The run has its answer.</summary>
public sealed record RunCompleted : RunEvent
{
    public required string Answer { get; init; }

    /// <summary>The answer as JSON when the agent has a response schema and the answer fits it.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>Finished tool rounds.</summary>
    public int Iterations { get; init; }

    /// <summary>Calls of tools at the caller's, whose results are to come with the next question; null for an answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ToolCall>? HandedOver { get; init; }

    /// <summary>The limit that cut the run short; null for a full answer.</summary>
    public string? Limit { get; init; }

    /// <summary>The run whose cached answer this is; null when the model wrote it now.</summary>
    public Guid? SourceRunId { get; init; }
}

/// <summary>The run ended without an answer.</summary>
public sealed record RunFailed : RunEvent
{
    public required FailureReason Reason { get; init; }

    /// <summary>A sentence for people; never an exception's text.</summary>
    public required string Message { get; init; }
}

/// <summary>The run's wall clock ran out.</summary>
public sealed record RunTimedOut : RunEvent;

/// <summary>Somebody stopped the run.</summary>
public sealed record RunCancelled : RunEvent
{
    public const string Requested = "requested";

    public const string Unwatched = "unwatched";

    /// <summary>Why: <see cref="Requested"/>, or <see cref="Unwatched"/> for a foreground run that nobody waited for any more.</summary>
    public required string Cause { get; init; }
}
