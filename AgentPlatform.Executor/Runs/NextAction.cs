using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Executor.Runs;

/// <summary>The one thing a run does next.</summary>
internal abstract record NextAction
{
    private NextAction()
    {
    }

    /// <summary>Ask the model. With a limit it is the last call, without tools.</summary>
    internal sealed record CallModel(string? Limit) : NextAction;

    /// <summary>Run these calls: several side by side when all are <c>pure</c> or <c>read</c>, else one.</summary>
    internal sealed record CallTools(IReadOnlyList<PlannedCall> Calls) : NextAction;

    /// <summary>Give these calls a result of our own, because no tool may or can.</summary>
    internal sealed record AnswerCalls(IReadOnlyList<SyntheticResult> Results) : NextAction;

    /// <summary>Ask a person about these calls, or go on waiting for the word.</summary>
    internal sealed record AwaitApproval(IReadOnlyList<CallState> Calls) : NextAction;

    /// <summary>The last reply is the answer.</summary>
    /// <param name="HandedOver">Calls at its end that are the caller's to make; null when there are none.</param>
    internal sealed record Complete(string Answer, OutputCheck Output, string? Limit, IReadOnlyList<ToolCall>? HandedOver = null) : NextAction;

    /// <summary>End without an answer; calls still open get a synthetic result first.</summary>
    internal sealed record GiveUp(FailureReason Reason, string Message) : NextAction;

    /// <summary>The run has ended.</summary>
    internal sealed record Stop : NextAction;
}
