using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Core.Wire;

/// <summary>How a run stands when nothing more will come for now: terminal, or waiting for a person.</summary>
public sealed record RunOutcome
{
    public required Guid RunId { get; init; }

    public required RunStatus Status { get; init; }

    public required string Agent { get; init; }

    /// <summary>Version that produced the answer; the API stores the answer under it.</summary>
    public required string AgentVersion { get; init; }

    public string? SessionId { get; init; }

    /// <summary>The answer of a completed run, else null.</summary>
    public string? Answer { get; init; }

    public JsonElement? Output { get; init; }

    /// <summary>Calls of tools at the caller's with which the run ended; null for an answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ToolCall>? HandedOver { get; init; }

    /// <summary>Why the model stopped, in its own word; null when it did not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FinishReason { get; init; }

    /// <summary>Finished tool rounds.</summary>
    public int Iterations { get; init; }

    /// <summary>The model that wrote the answer; null when none did.</summary>
    public string? Model { get; init; }

    /// <summary>Configured name of the fallback model that wrote it; null when the agent's first choice did.</summary>
    public string? FallbackModel { get; init; }

    public required Usage Usage { get; init; }

    /// <summary>The limit that cut a completed run short.</summary>
    public string? Limit { get; init; }

    /// <summary>An executor was lost with the run at work, and another took it over.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TakenOver { get; init; }

    /// <summary>Results that anybody may have written are in the conversation by now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Untrusted { get; init; }

    /// <summary>Why there is no answer: set for every terminal status but completed and cancelled.</summary>
    public FailureReason? Reason { get; init; }

    /// <summary>A sentence for people that goes with <see cref="Reason"/>.</summary>
    public string? Message { get; init; }

    /// <summary>Results of finished steps, oldest first: what a partial answer can be made of.</summary>
    public IReadOnlyList<PartialStep> Partial { get; init; } = [];

    /// <summary>Whether the answer may be stored, and the reason when not.</summary>
    public required CacheDecision Cache { get; init; }

    /// <summary>Calls that wait for a person; with status <see cref="RunStatus.AwaitingApproval"/>.</summary>
    public IReadOnlyList<PendingApproval> Approvals { get; init; } = [];
}

/// <summary>One finished tool call, for people.</summary>
public sealed record PartialStep(string Tool, string Result);

/// <summary>A call that waits for a person.</summary>
/// <param name="Cause"><c>untrusted_content</c>: it waits only because the agent had seen results that anybody may have written. Null for a call that always waits.</param>
public sealed record PendingApproval(
    string CallId, string Tool, string Arguments, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Cause = null);

/// <summary>What the cache did, or may do, with this answer.</summary>
public sealed record CacheDecision
{
    /// <summary>The answer may be stored: complete, undegraded, of cacheable effects, and the agent wants it.</summary>
    public bool Storable { get; init; }

    /// <summary>A word: <c>stored</c>, <c>hit</c>, <c>joined</c>, <c>effects</c>, <c>disabled</c>, <c>degraded</c>, <c>bypassed</c>, …</summary>
    public required string Decision { get; init; }

    /// <summary>Set when the answer came out of the cache: the run that wrote it.</summary>
    public Guid? SourceRunId { get; init; }

    /// <summary>Seconds since a cached answer was written.</summary>
    public double? Age { get; init; }
}
