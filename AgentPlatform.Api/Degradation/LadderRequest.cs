using AgentPlatform.Api.Agent;
using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Degradation;

/// <summary>A question whose run could not answer, and what is left of it.</summary>
internal sealed record LadderRequest
{
    public required AgentQuestion Question { get; init; }

    public required FailureReason Reason { get; init; }

    /// <summary>Null when the catalogue was never seen.</summary>
    public AgentInfo? Agent { get; init; }

    /// <summary>Null when no cached answer may be served: the caller refuses it, or the conversation is not known here.</summary>
    public AnswerKey? Key { get; init; }

    /// <summary>Results of finished steps.</summary>
    public IReadOnlyList<PartialStep> Steps { get; init; } = [];

    /// <summary>The first rung, when it was tried.</summary>
    public TriedRung? Reattach { get; init; }

    /// <summary>When the caller must have an answer.</summary>
    public required Deadline Deadline { get; init; }
}
