using System.Diagnostics;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Redis;
using Xunit;

namespace AgentPlatform.Tests.Api.Degradation;

/// <summary>A run that cannot answer: an answer all the same, in time and labelled.</summary>
public sealed class LadderTests(TestRedis redis) : RunPath(redis)
{
    private static readonly (string, string) NoDirect = ("Fallback:DirectModel", "false");
    private static readonly (string, string) FewSearches = ("ExecutorClient:StartWithin", "00:00:00.200");

    [Theory]
    [InlineData("zh", "抱歉，我暂时无法回答这个问题，请稍后重试。")]
    [InlineData("en", "Sorry, I can't answer this question right now. Please try again later.")]
    public async Task With_nothing_better_the_caller_gets_the_fixed_sentence_of_his_language(string language, string sentence)
    {
        var executor = await ExecutorAsync(run => run.FailAsync(RunStatus.Failed, FailureReason.ModelError));
        var front = await FrontAsync(executor);

        var answer = await front.AnswerAsync(Question with { Language = language });

        Assert.Equal((sentence, "none", false, 0), (answer.Answer, answer.Model, answer.Cached, answer.Iterations));
        Assert.Equal(executor.Runs.Single().RunId, answer.RunId);
        Assert.Equal((DegradationLevel.Default, FailureReason.ModelError, null), (answer.Degraded!.Level, answer.Degraded.Reason, answer.Degraded.Recorded));
        // The model that just failed is not asked again.
        Assert.Equal(
            [(Rung.Stale, RungOutcome.Miss), (Rung.Direct, RungOutcome.Skipped), (Rung.Partial, RungOutcome.Miss), (Rung.Default, RungOutcome.Ok)],
            Tried(answer));
        Assert.Equal(new AnswerCacheInfo(false, null, false, null, "degraded"), answer.Cache);
        Assert.Equal(1, front.Metrics.Sum("agent_fallbacks_total", ("level", "default"), ("reason", "model_error")));
        Assert.Equal(1, front.Metrics.Sum("agent_errors_total"));
    }

    [Fact]
    public async Task An_earlier_answer_past_its_time_is_served_and_says_so()
    {
        var executor = await ExecutorAsync(run => run.CompleteAsync("of yesterday"));
        executor.Agents = [FakeRun.Agent() with { Cache = new AgentCachePolicy { TtlSeconds = 0.3 } }];
        var front = await FrontAsync(executor, ("AnswerCache:RememberFor", "00:00:00"));
        var source = await front.AnswerAsync(Question);

        executor.OnRun = run => run.FailAsync(RunStatus.Failed, FailureReason.ModelError);
        AgentAnswer stale = source;
        await Wait.UntilAsync(async () => (stale = await front.AnswerAsync(Question)).Degraded is not null, "the answer to be past its time");

        Assert.Equal(("of yesterday", "model-1", true), (stale.Answer, stale.Model, stale.Cached));
        Assert.Equal((DegradationLevel.Stale, FailureReason.ModelError), (stale.Degraded!.Level, stale.Degraded.Reason));
        Assert.Equal((true, true, source.RunId, "stale"), (stale.Cache.Hit, stale.Cache.Stale, stale.Cache.SourceRunId, stale.Cache.Decision));
        Assert.InRange(stale.Cache.Age!.Value, 0.2, 30);
        var uncached = await front.AnswerAsync(Question with { CacheRead = false });
        Assert.Contains((Rung.Stale, RungOutcome.Skipped), Tried(uncached));
        Assert.Equal(DegradationLevel.Default, uncached.Degraded!.Level);
    }

    [Fact]
    public async Task With_no_executor_the_model_answers_alone()
    {
        await using var model = await FakeModelServer.StartAsync(Stop);
        model.Always(_ => FakeReply.Answer("As far as I know: 4."));
        var front = await FrontAsync([Nobody], [FewSearches, .. Model(model)]);

        var answer = await front.AnswerAsync(Question);

        Assert.Equal(("As far as I know: 4.", "fake-model", 0), (answer.Answer, answer.Model, answer.Iterations));
        Assert.Equal((DegradationLevel.Direct, FailureReason.ExecutorUnavailable), (answer.Degraded!.Level, answer.Degraded.Reason));
        Assert.Equal(
            [(Rung.Reattach, RungOutcome.Failed), (Rung.Stale, RungOutcome.Skipped), (Rung.Direct, RungOutcome.Ok)], Tried(answer));
        Assert.True(answer.Usage.TotalTokens > 0);
        Assert.Equal(answer.Usage.TotalTokens, front.Metrics.Sum("agent_tokens_total"));
        var request = Assert.Single(model.Requests);
        Assert.Equal(Question.Question, request.LastUserText);
        Assert.Empty(request.Tools);
    }

    [Fact]
    public async Task A_model_that_stalls_everywhere_still_leaves_an_answer_in_time()
    {
        await using var model = await FakeModelServer.StartAsync(Stop);
        model.Always(_ => FakeReply.Stalls(FakeStall.BeforeHeaders));
        var executor = await ExecutorAsync(run => run.WorkForeverAsync());
        var front = await FrontAsync(executor, Model(model));
        var started = Stopwatch.GetTimestamp();

        var answer = await front.AnswerAsync(Question with { Timeout = 1, SessionId = "s-1" });

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 1, 4);
        Assert.InRange(answer.Duration, 1, 4);
        Assert.Equal((DegradationLevel.Default, FailureReason.Timeout), (answer.Degraded!.Level, answer.Degraded.Reason));
        Assert.Equal(
            [(Rung.Stale, RungOutcome.Skipped), (Rung.Direct, RungOutcome.Timeout), (Rung.Partial, RungOutcome.Miss), (Rung.Default, RungOutcome.Ok)],
            Tried(answer));
        Assert.True(answer.Degraded.Recorded);
        Assert.Equal(1, front.Metrics.Sum("agent_fallbacks_total", ("reason", "timeout")));
        Assert.Single(front.Log.Named("agent_timeout_fallback"));
    }

    [Fact]
    public async Task A_model_that_fails_leads_to_the_next_rung()
    {
        await using var model = await FakeModelServer.StartAsync(Stop);
        model.Always(_ => FakeReply.Fail(400, "bad"));
        var executor = await ExecutorAsync(run => run.FailAsync(RunStatus.TimedOut));
        var front = await FrontAsync(executor, Model(model));

        Assert.Contains((Rung.Direct, RungOutcome.Failed), Tried(await front.AnswerAsync(Question)));
    }

    [Fact]
    public async Task Finished_steps_are_worth_more_than_an_excuse()
    {
        var executor = await ExecutorAsync(run => run.EndAsync(run.Failure(RunStatus.TimedOut, FailureReason.Timeout) with
        {
            Partial = [new PartialStep("calculator", "478.8"), new PartialStep("clock", "noon")],
        }));
        var front = await FrontAsync(executor, NoDirect);

        var answer = await front.AnswerAsync(Question);

        Assert.Equal((DegradationLevel.Partial, FailureReason.Timeout, "none"), (answer.Degraded!.Level, answer.Degraded.Reason, answer.Model));
        Assert.Contains("calculator: 478.8", answer.Answer, StringComparison.Ordinal);
        Assert.Contains("clock: noon", answer.Answer, StringComparison.Ordinal);
        // What the run had cost is not hidden.
        Assert.Equal(120, answer.Usage.TotalTokens);
    }

    [Fact]
    public async Task The_model_alone_is_given_what_finished_steps_found()
    {
        await using var model = await FakeModelServer.StartAsync(Stop);
        var executor = await ExecutorAsync(run => run.EndAsync(run.Failure(RunStatus.TimedOut) with
        {
            Partial = [new PartialStep("calculator", "478.8")],
        }));
        var front = await FrontAsync(executor, Model(model));

        Assert.Equal(DegradationLevel.Direct, (await front.AnswerAsync(Question)).Degraded!.Level);

        Assert.Contains("478.8", Assert.Single(model.Requests).Messages[0].GetProperty("content").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_outcome_is_told_by_nothing_that_does_not_know_of_it()
    {
        var executor = await ExecutorAsync();
        executor.Agents = [FakeRun.Agent() with { Cache = new AgentCachePolicy { TtlSeconds = 0.1 } }];
        var front = await FrontAsync(executor, ("AnswerCache:RememberFor", "00:00:00"));
        await front.AnswerAsync(Question);
        executor.OnRun = run => run.FailAsync(RunStatus.OutcomeUnknown, FailureReason.OutcomeUnknown);

        var answer = await front.AnswerAsync(Question);
        await Wait.UntilAsync(async () => (answer = await front.AnswerAsync(Question)).Degraded is not null, "the answer to be past its time");

        Assert.Equal((DegradationLevel.Default, FailureReason.OutcomeUnknown), (answer.Degraded!.Level, answer.Degraded.Reason));
        Assert.Equal([(Rung.Stale, RungOutcome.Skipped), (Rung.Direct, RungOutcome.Skipped)], Tried(answer).Take(2));
    }

    [Fact]
    public async Task A_run_cut_by_a_limit_keeps_its_text_and_is_not_kept()
    {
        var executor = await ExecutorAsync(run => run.EndAsync(run.Outcome("so far") with { Limit = "max_iterations" }));
        var front = await FrontAsync(executor);

        var answer = await front.AnswerAsync(Question);

        Assert.Equal(("so far", DegradationLevel.Partial, FailureReason.Limit), (answer.Answer, answer.Degraded!.Level, answer.Degraded.Reason));
        Assert.Equal("degraded", answer.Cache.Decision);
        Assert.False((await front.AnswerAsync(Question)).Cached);
    }

    [Fact]
    public async Task An_answer_of_a_fallback_model_says_so()
    {
        var executor = await ExecutorAsync(run => run.EndAsync(run.Outcome() with { FallbackModel = "second", Cache = new CacheDecision { Decision = "degraded" } }));
        var front = await FrontAsync(executor);

        var answer = await front.AnswerAsync(Question);

        Assert.Equal(("4", DegradationLevel.FallbackModel, FailureReason.ModelError), (answer.Answer, answer.Degraded!.Level, answer.Degraded.Reason));
        Assert.Equal(502, (await front.RefuseAsync(Question with { Strict = true })).Status);
    }

    [Fact]
    public async Task A_run_taken_up_elsewhere_is_complete_but_labelled_and_not_kept()
    {
        var executors = new[] { await ExecutorAsync(run => run.BreakAsync()), await ExecutorAsync(run => run.BreakAsync()) };
        var attempts = 0;
        foreach (var executor in executors)
        {
            executor.OnRun = run => Interlocked.Increment(ref attempts) == 1 ? run.HeartbeatAsync() : run.EndAsync(run.Outcome() with { TakenOver = true });
        }

        var front = await FrontAsync(executors.Select(executor => executor.Address));

        // Also for who is strict: it is the agent's own full answer.
        var answer = await front.AnswerAsync(Question with { Strict = true });

        Assert.Equal(("4", DegradationLevel.Retried, FailureReason.ExecutorUnavailable), (answer.Answer, answer.Degraded!.Level, answer.Degraded.Reason));
        Assert.Equal([(Rung.Reattach, RungOutcome.Ok)], Tried(answer));
        Assert.Equal("degraded", answer.Cache.Decision);
        Assert.False((await front.AnswerAsync(Question)).Cached);
    }

    [Theory]
    [InlineData(ProblemCodes.Draining)]
    [InlineData(null)]
    public async Task An_executor_that_did_not_take_the_run_is_a_detour_and_no_degradation(string? code)
    {
        Func<FakeRun, Task> notTaken = code is null ? run => run.BreakAsync() : run => run.RefuseAsync(503, code);
        var stopping = await ExecutorAsync(notTaken);
        var front = await FrontAsync([stopping.Address, Nobody, (await ExecutorAsync()).Address]);

        for (var i = 0; i < 10; i++)
        {
            var answer = await front.AnswerAsync(Question with { Question = $"{Question.Question} {i}" });
            Assert.Equal(("4", null), (answer.Answer, answer.Degraded));
        }

        Assert.NotEmpty(stopping.Runs);
        Assert.Equal(0, front.Metrics.Sum("agent_fallbacks_total"));
    }

    [Fact]
    public async Task A_run_that_was_only_asked_for_again_is_not_labelled()
    {
        var attempts = 0;
        var executor = await ExecutorAsync(run => Interlocked.Increment(ref attempts) == 1 ? run.BreakAsync() : run.CompleteAsync());
        var front = await FrontAsync([executor.Address]);

        var answer = await front.AnswerAsync(Question);

        Assert.Equal(("4", null, 2), (answer.Answer, answer.Degraded, attempts));
        Assert.True((await front.AnswerAsync(Question)).Cached);
    }

    [Fact]
    public async Task Under_load_an_executor_that_is_stopping_never_yields_an_answer_of_the_ladder()
    {
        var stopping = await ExecutorAsync(run => run.RefuseAsync(503, ProblemCodes.Draining, retryAfter: 1));
        var front = await FrontAsync([stopping.Address, (await ExecutorAsync()).Address]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(
            i => front.AnswerAsync(Question with { Question = $"{Question.Question} {i}" })));

        Assert.All(answers, answer => Assert.Null(answer.Degraded));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_is_told_what_the_person_was_told(bool reachable)
    {
        var executor = await ExecutorAsync(run => run.FailAsync(RunStatus.Failed, FailureReason.ModelError));
        executor.ToldStatus = reachable ? System.Net.HttpStatusCode.NoContent : System.Net.HttpStatusCode.ServiceUnavailable;
        var front = await FrontAsync(executor);

        var answer = await front.AnswerAsync(Question with { SessionId = "s:1" });

        Assert.Equal(reachable, answer.Degraded!.Recorded);
        Assert.Equal(
            reachable
                ? [new ToldAnswer
                {
                    TenantId = "local",
                    SessionId = "s:1",
                    RunId = answer.RunId!.Value,
                    Agent = "default",
                    Question = Question.Question,
                    Answer = answer.Answer,
                    Level = "default",
                    Reason = FailureReason.ModelError,
                }]
                : [],
            executor.Told);
    }

    [Fact]
    public async Task Without_any_executor_ever_seen_only_the_default_agent_is_taken_on_trust()
    {
        var front = await FrontAsync([Nobody], FewSearches, NoDirect);

        Assert.Equal(DegradationLevel.Default, (await front.AnswerAsync(Question)).Degraded!.Level);
        var refused = await front.RefuseAsync(Question with { Agent = "researcher" });
        Assert.Equal((503, ProblemCodes.ExecutorUnavailable), (refused.Status, refused.Code));
    }

    private static (string, string)[] Model(FakeModelServer model) =>
    [
        ("Models:Default:Provider", "openai"), ("Models:Default:Endpoint", model.BaseUrl),
        ("Models:Default:ApiKey", "k"), ("Models:Default:Model", "fake-model"),
    ];

    private static IEnumerable<(Rung, RungOutcome)> Tried(AgentAnswer answer) =>
        answer.Degraded!.Tried.Select(tried => (tried.Rung, tried.Outcome));
}
