using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Executor.Runs;

/// <summary>How far one tool call has come.</summary>
/// <param name="Call">As the model wrote it.</param>
/// <param name="Effect">Declared effect when it was started; null while it was not.</param>
/// <param name="Interrupted">Started by a process that is gone, without a result.</param>
/// <param name="Approved">A person's word; null while there is none.</param>
/// <param name="ApprovalAsked">A person was asked.</param>
/// <param name="ApprovalCause">Why, where the agent's file does not ask for it.</param>
/// <param name="ExpiresAt">When the question counts as denied; null for never.</param>
/// <param name="Result">The one result, once there is one.</param>
internal sealed record CallState(
    ToolCall Call,
    ToolEffect? Effect = null,
    bool Interrupted = false,
    bool? Approved = null,
    bool ApprovalAsked = false,
    string? ApprovalCause = null,
    DateTimeOffset? ExpiresAt = null,
    ToolReturned? Result = null)
{
    public bool Pending => Result is null;

    public bool Denied => Approved == false;

    /// <summary>A person was asked and has not answered.</summary>
    public bool Awaited => Pending && ApprovalAsked && Approved is null;
}
