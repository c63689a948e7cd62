using AgentPlatform.Api.Degradation;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Agent;

/// <summary>How a question ended: exactly one of three.</summary>
internal abstract record AgentResult
{
    private AgentResult()
    {
    }

    /// <summary>What the cache had to do with it, as headers; null for a problem.</summary>
    public CacheHeaders? Cache { get; init; }

    /// <summary>200.</summary>
    /// <param name="FreshUntil">Of an answer out of the cache, where it is known.</param>
    public sealed record Answered(AgentAnswer Answer, DateTimeOffset? FreshUntil = null) : AgentResult;

    /// <summary>202: a person must decide before the run goes on.</summary>
    public sealed record AwaitingApproval(Guid RunId, string? SessionId, IReadOnlyList<PendingApproval> Approvals) : AgentResult
    {
        public static AwaitingApproval Of(RunOutcome run) => new(run.RunId, run.SessionId, run.Approvals);
    }

    /// <summary>A problem.</summary>
    /// <param name="Status">HTTP status.</param>
    /// <param name="Code">One of <see cref="ProblemCodes"/>.</param>
    /// <param name="Detail">A sentence for people.</param>
    /// <param name="Field">The member of the body that is at fault.</param>
    /// <param name="RetryAfter">When trying again makes sense.</param>
    /// <param name="RunId">The run, when there was one.</param>
    /// <param name="MayGoOn">Contact with the run was lost: nothing final can be said of it.</param>
    /// <param name="Budget">The budget that does not allow a run.</param>
    public sealed record Refused(
        int Status, string Code, string Detail, string? Field = null, TimeSpan? RetryAfter = null, Guid? RunId = null, bool MayGoOn = false,
        BudgetExceeded? Budget = null)
        : AgentResult
    {
        /// <summary>A run that has no answer, for somebody who wants no other.</summary>
        public static Refused Because(FailureReason reason, RunReply reply, Guid runId)
        {
            var problem = Reasons.ProblemOf(reason, reply);
            return new(
                problem.Status, problem.Code, problem.Detail, RetryAfter: problem.RetryAfter, RunId: runId,
                MayGoOn: reply.Interrupted || reply is RunReply.Silent or RunReply.Broken or RunReply.TimedOut);
        }

        public static Refused Cancelled(Guid runId) =>
            new(StatusCodes.Status409Conflict, ProblemCodes.RunCancelled, "The run was cancelled.", RunId: runId);

        /// <summary>The executor's refusal, passed on.</summary>
        public static Refused As(RunReply.Refused refused) =>
            new(refused.Status, refused.Code, refused.Detail, refused.Field, refused.RetryAfter, Budget: refused.Budget);

        public ProblemHttpResult ToProblem() => Problem.Result(Status, Code, Detail, Field, RetryAfter, RunId, Budget);
    }
}
