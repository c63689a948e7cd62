using AgentPlatform.Api.Agent;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Api.Streaming;

/// <summary><c>run_started</c>: the question was accepted.</summary>
/// <param name="Queued">It waits for its turn; <c>run_resumed</c> says when work begins.</param>
internal sealed record RunStartedData(
    Guid RunId, string Agent, string AgentVersion, string? SessionId, int? Turn, bool Background, bool Queued, DateTimeOffset At);

/// <summary><c>run_resumed</c>: work goes on, after a queue, a person's word or the loss of an executor.</summary>
/// <param name="After"><c>queue</c>, <c>approval</c> or <c>interruption</c>.</param>
internal sealed record RunResumedData(string Executor, long Epoch, string After, DateTimeOffset At);

/// <summary><c>delta</c>: a piece of the reply being written.</summary>
/// <param name="Offset">Where it begins in the reply, UTF-16 code units; 0 begins a new text.</param>
/// <param name="Attempt">The attempt at this reply, from 1.</param>
internal sealed record DeltaData(string Text, int Offset, int Attempt);

/// <summary><c>reply_discarded</c>: forget the deltas of this attempt.</summary>
internal sealed record ReplyDiscardedData(int Attempt);

/// <summary><c>model_replied</c>: the reply is complete.</summary>
/// <param name="Text">All of it; what the deltas said.</param>
/// <param name="ToolCalls">What the model wants to call now.</param>
/// <param name="FallbackModel">Configured name of the model when it was not the agent's first choice.</param>
/// <param name="Limit">The limit that made it the last reply.</param>
internal sealed record ModelRepliedData(
    string Text, IReadOnlyList<ToolCall> ToolCalls, string Model, string? FallbackModel, AnswerUsage Usage, int Attempt, long DurationMs,
    string? FinishReason, string? Limit, DateTimeOffset At);

/// <summary><c>tool_started</c>: a call with an effect is about to be made.</summary>
internal sealed record ToolStartedData(string CallId, string Tool, ToolEffect Effect, DateTimeOffset At);

/// <summary><c>tool_returned</c>: the one result of one call.</summary>
/// <param name="Error">Null for a success.</param>
/// <param name="Synthetic">No tool produced it: the call was denied, interrupted or never made.</param>
internal sealed record ToolReturnedData(
    string CallId, string Tool, string Result, ToolErrorKind? Error, bool Synthetic, bool Truncated, long DurationMs, DateTimeOffset At);

/// <summary><c>approval_requested</c>: a call waits for a person.</summary>
/// <param name="ExpiresAt">When the agent's policy decides by itself; null for never.</param>
internal sealed record ApprovalRequestedData(string CallId, string Tool, string Arguments, DateTimeOffset? ExpiresAt, DateTimeOffset At);

/// <summary><c>approval_decided</c>: a person, or the policy, decided.</summary>
internal sealed record ApprovalDecidedData(string CallId, bool Approved, string? Reason, string? By, DateTimeOffset At);
