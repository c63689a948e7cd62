using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Agent;

/// <summary>202: the run waits until a person has decided on these calls.</summary>
internal sealed record AwaitingApprovalBody
{
    public required Guid RunId { get; init; }

    /// <summary>Always <c>awaiting_approval</c>.</summary>
    public RunStatus Status { get; init; } = RunStatus.AwaitingApproval;

    public string? SessionId { get; init; }

    public required IReadOnlyList<PendingApproval> Approvals { get; init; }

    public static AwaitingApprovalBody Of(AgentResult.AwaitingApproval waiting) =>
        new() { RunId = waiting.RunId, SessionId = waiting.SessionId, Approvals = waiting.Approvals };
}
