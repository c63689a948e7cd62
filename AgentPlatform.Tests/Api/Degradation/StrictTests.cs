using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Redis;
using Xunit;

namespace AgentPlatform.Tests.Api.Degradation;

/// <summary>Callers who want the agent's own full answer or a problem.</summary>
public sealed class StrictTests(TestRedis redis) : RunPath(redis)
{
    [Theory]
    [InlineData(RunStatus.TimedOut, null, 504, ProblemCodes.Timeout)]
    [InlineData(RunStatus.Failed, FailureReason.Timeout, 504, ProblemCodes.Timeout)]
    [InlineData(RunStatus.Failed, FailureReason.ModelError, 502, ProblemCodes.ModelError)]
    [InlineData(RunStatus.Failed, FailureReason.DatabaseUnavailable, 503, ProblemCodes.DatabaseUnavailable)]
    [InlineData(RunStatus.Failed, FailureReason.ExecutorUnavailable, 503, ProblemCodes.ExecutorUnavailable)]
    [InlineData(RunStatus.Failed, FailureReason.Overloaded, 503, ProblemCodes.Overloaded)]
    [InlineData(RunStatus.Failed, FailureReason.Limit, 422, ProblemCodes.Limit)]
    [InlineData(RunStatus.OutcomeUnknown, FailureReason.OutcomeUnknown, 409, ProblemCodes.OutcomeUnknown)]
    [InlineData(RunStatus.Cancelled, null, 409, ProblemCodes.RunCancelled)]
    public async Task A_run_without_an_answer_is_a_problem(RunStatus status, FailureReason? reason, int http, string code)
    {
        var executor = await ExecutorAsync(run => run.FailAsync(status, reason));
        var front = await FrontAsync(executor);

        var refused = await front.RefuseAsync(Question with { Strict = true });

        Assert.Equal((http, code, executor.Runs.Single().RunId), (refused.Status, refused.Code, refused.RunId!.Value));
        Assert.Equal(http == 503, refused.RetryAfter is not null);
        Assert.Empty(executor.Told);
    }

    [Theory]
    [InlineData(ProblemCodes.Overloaded)]
    [InlineData(ProblemCodes.DatabaseUnavailable)]
    public async Task A_refusing_executor_is_a_problem_with_its_own_wish_to_wait(string code)
    {
        var executor = await ExecutorAsync(run => run.RefuseAsync(503, code, 9));
        var front = await FrontAsync(executor, ("Fallback:DirectModel", "false"));

        var refused = await front.RefuseAsync(Question with { Strict = true });

        Assert.Equal((503, code, TimeSpan.FromSeconds(9)), (refused.Status, refused.Code, refused.RetryAfter));
        Assert.NotNull((await front.AnswerAsync(Question)).Degraded);
    }

    [Fact]
    public async Task A_text_cut_by_a_limit_is_not_enough()
    {
        var executor = await ExecutorAsync(run => run.EndAsync(run.Outcome() with { Limit = "max_iterations" }));
        var front = await FrontAsync(executor);

        Assert.Equal((422, ProblemCodes.Limit), await CodeAsync(front));
    }

    [Fact]
    public async Task A_missing_executor_is_a_problem()
    {
        var front = await FrontAsync([Nobody], ("ExecutorClient:StartWithin", "00:00:00.200"));

        Assert.Equal((503, ProblemCodes.ExecutorUnavailable), await CodeAsync(front));
    }

    [Fact]
    public async Task The_callers_own_mistakes_are_told_to_strict_and_lenient_alike()
    {
        var executor = await ExecutorAsync(run => run.RefuseAsync(409, ProblemCodes.SessionBusy, field: "session_id"));
        var front = await FrontAsync(executor);

        foreach (var strict in new[] { true, false })
        {
            var busy = await front.RefuseAsync(Question with { Strict = strict, SessionId = "s" });
            Assert.Equal((409, ProblemCodes.SessionBusy, "session_id"), (busy.Status, busy.Code, busy.Field));
            var unknown = await front.RefuseAsync(Question with { Strict = strict, Agent = "nobody" });
            Assert.Equal((404, ProblemCodes.AgentNotFound, "agent"), (unknown.Status, unknown.Code, unknown.Field));
        }

        Assert.Equal(0, front.Metrics.Sum("agent_errors_total"));
    }

    private async Task<(int, string)> CodeAsync(Front front)
    {
        var refused = await front.RefuseAsync(Question with { Strict = true });
        return (refused.Status, refused.Code);
    }
}
