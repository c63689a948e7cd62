using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Agent;

/// <summary>How a question ended: exactly one of three.</summary>
internal abstract record AgentResult
{
    private AgentResult()
    {
    }

    /// <summary>200.</summary>
    public sealed record Answered(AgentAnswer Answer) : AgentResult;

    /// <summary>202: a person must decide before the run goes on.</summary>
    public sealed record AwaitingApproval(Guid RunId, string? SessionId, IReadOnlyList<PendingApproval> Approvals) : AgentResult;

    /// <summary>A problem.</summary>
    /// <param name="Status">HTTP status.</param>
    /// <param name="Code">One of <see cref="ProblemCodes"/>.</param>
    /// <param name="Detail">A sentence for people.</param>
    /// <param name="Field">The member of the body that is at fault.</param>
    /// <param name="RetryAfter">When trying again makes sense.</param>
    /// <param name="RunId">The run, when there was one.</param>
    public sealed record Refused(
        int Status, string Code, string Detail, string? Field = null, TimeSpan? RetryAfter = null, Guid? RunId = null) : AgentResult;
}
