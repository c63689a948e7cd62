using System.Text.Json.Serialization;

namespace AgentPlatform.Core.Wire.Events;

/// <summary>
/// One fact in the life of a run. The journal holds these for ever, so a member is never renamed or removed and a new
/// one is optional; snapshot tests hold the stored form. <see cref="Seq"/> counts from 1 within the run.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RunStarted), "run_started")]
[JsonDerivedType(typeof(ModelReplied), "model_replied")]
[JsonDerivedType(typeof(ToolStarted), "tool_started")]
[JsonDerivedType(typeof(ToolReturned), "tool_returned")]
[JsonDerivedType(typeof(ApprovalRequested), "approval_requested")]
[JsonDerivedType(typeof(ApprovalDecided), "approval_decided")]
[JsonDerivedType(typeof(RunResumed), "run_resumed")]
[JsonDerivedType(typeof(RunCompleted), "run_completed")]
[JsonDerivedType(typeof(RunFailed), "run_failed")]
[JsonDerivedType(typeof(RunTimedOut), "run_timed_out")]
[JsonDerivedType(typeof(RunCancelled), "run_cancelled")]
public abstract record RunEvent
{
    /// <summary>Position within the run, from 1, without gaps.</summary>
    public long Seq { get; init; }

    /// <summary>When it happened, UTC, on the clock of the executor that appended it.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>
    /// Attempts at a reply, before this event, whose pieces watchers were sent and then told to forget, in order; null when there were none. Kept so that a
    /// replay is what watchers saw.
    /// </summary>
    public IReadOnlyList<DiscardedAttempt>? Discarded { get; init; }
}
