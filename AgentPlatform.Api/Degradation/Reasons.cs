using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Degradation;

/// <summary>Why there is no answer, and what a caller who wants no other answer is told instead.</summary>
internal static class Reasons
{
    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(1);

    /// <summary>Null when the reply is an answer, a wait for a person, the caller's own mistake, or what he asked for.</summary>
    public static FailureReason? Of(RunReply reply) => reply switch
    {
        RunReply.Outcome { Run: var run } => Of(run),
        RunReply.TimedOut => FailureReason.Timeout,
        RunReply.Refused { Code: ProblemCodes.Overloaded, Status: >= 500 } => FailureReason.Overloaded,
        RunReply.Refused { Code: ProblemCodes.DatabaseUnavailable } => FailureReason.DatabaseUnavailable,
        RunReply.Refused { Status: < 500 } or RunReply.Refused { Code: ProblemCodes.NotCached } => null,
        _ => FailureReason.ExecutorUnavailable,
    };

    public static Problem ProblemOf(FailureReason reason, RunReply reply)
    {
        var wait = (reply as RunReply.Refused)?.RetryAfter ?? SoonAgain;
        return reason switch
        {
            FailureReason.Timeout => new(
                StatusCodes.Status504GatewayTimeout, ProblemCodes.Timeout, "The agent did not finish within the timeout."),
            FailureReason.ModelError => new(
                StatusCodes.Status502BadGateway, ProblemCodes.ModelError, "The model did not give an answer."),
            FailureReason.Overloaded => new(
                StatusCodes.Status503ServiceUnavailable, ProblemCodes.Overloaded, "There is more to do than the executors can take.", wait),
            FailureReason.DatabaseUnavailable => new(
                StatusCodes.Status503ServiceUnavailable, ProblemCodes.DatabaseUnavailable, "The database cannot be reached.", wait),
            FailureReason.Limit => new(
                StatusCodes.Status422UnprocessableEntity, ProblemCodes.Limit, "The agent reached one of its limits before it had the full answer."),
            // Not a 5xx: clients repeat those by themselves, and here something may have been done already.
            FailureReason.OutcomeUnknown => new(
                StatusCodes.Status409Conflict, ProblemCodes.OutcomeUnknown,
                "A call with an effect was interrupted; whether it happened must be settled by a person."),
            _ => new(
                StatusCodes.Status503ServiceUnavailable, ProblemCodes.ExecutorUnavailable, "No executor can be reached.", wait),
        };
    }

    private static FailureReason? Of(RunOutcome run) => run.Status switch
    {
        RunStatus.Completed when run.Answer is not null => null,
        RunStatus.AwaitingApproval or RunStatus.Cancelled => null,
        RunStatus.TimedOut => FailureReason.Timeout,
        RunStatus.OutcomeUnknown => FailureReason.OutcomeUnknown,
        _ => run.Reason ?? FailureReason.ExecutorUnavailable,
    };

    /// <summary>The parts of a problem that the reason decides.</summary>
    internal sealed record Problem(int Status, string Code, string Detail, TimeSpan? RetryAfter = null);
}
