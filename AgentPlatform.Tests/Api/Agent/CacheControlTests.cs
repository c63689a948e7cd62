using AgentPlatform.Api.Agent;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Redis;
using Xunit;

namespace AgentPlatform.Tests.Api.Agent;

/// <summary>What a caller may ask of the cache, and what he is told of it.</summary>
public sealed class CacheControlTests(TestRedis redis) : RunPath(redis)
{
    private const int NotCached = 504;

    [Fact]
    public async Task An_answer_older_than_the_caller_wants_is_made_anew_and_stored()
    {
        var executor = await ExecutorAsync();
        var front = await FrontAsync(executor);
        var first = await front.AnswerAsync(Question);

        Assert.True((await front.AnswerAsync(Question with { CacheMaxAge = TimeSpan.FromMinutes(1) })).Cached);
        var young = await AskAsync(front, Question with { CacheMaxAge = TimeSpan.Zero });

        Assert.Equal((false, "stored"), (young.Answer.Cached, young.Answer.Cache.Decision));
        Assert.NotEqual(first.RunId, young.Answer.RunId);
        Assert.Equal("agentplatform; fwd=request; stored", young.Cache!.Status);
        Assert.Equal(young.Answer.RunId, (await front.AnswerAsync(Question)).Cache.SourceRunId);
    }

    [Fact]
    public async Task The_wanted_age_travels_to_the_session()
    {
        var executor = await ExecutorAsync();
        var front = await FrontAsync(executor);

        await front.AnswerAsync(Question with { SessionId = "s", CacheMaxAge = TimeSpan.FromSeconds(90) });

        Assert.Equal((90, false), (executor.Runs.Single().CacheMaxAge, executor.Runs.Single().CacheOnly));
    }

    [Fact]
    public async Task Who_wants_only_a_cached_answer_gets_it_or_504_and_starts_nothing()
    {
        var executor = await ExecutorAsync();
        var front = await FrontAsync(executor);
        var only = Question with { CacheOnly = true };

        Assert.Equal((NotCached, "not_cached", "Cache-Control"), Refusal(await front.RefuseAsync(only)));
        Assert.Empty(executor.Runs);
        await front.AnswerAsync(Question);
        Assert.True((await front.AnswerAsync(only)).Cached);
        Assert.True((await (await FrontAsync(executor)).AnswerAsync(only)).Cached);
        Assert.Equal((NotCached, "not_cached", "Cache-Control"), Refusal(await front.RefuseAsync(only with { CacheMaxAge = TimeSpan.Zero })));
        Assert.Equal((NotCached, "not_cached", "Cache-Control"), Refusal(await front.RefuseAsync(only with { CacheRead = false })));
        Assert.Single(executor.Runs);
        // Nothing went wrong.
        Assert.Equal(0, front.Metrics.Sum("agent_errors_total"));
        Assert.Empty(front.Log.Named("agent_failed"));
    }

    [Fact]
    public async Task It_does_not_wait_for_an_answer_that_is_being_made()
    {
        var go = new TaskCompletionSource();
        var executor = await ExecutorAsync(async run =>
        {
            await go.Task.WaitAsync(run.HungUp);
            await run.CompleteAsync();
        });
        var front = await FrontAsync(executor);
        var made = front.AnswerAsync(Question);
        await Wait.UntilAsync(() => executor.Runs.Count == 1, "the run");

        Assert.Equal(NotCached, (await front.RefuseAsync(Question with { CacheOnly = true })).Status);

        go.SetResult();
        await made;
    }

    [Fact]
    public async Task Nothing_is_started_when_the_cache_is_away_or_the_agent_keeps_nothing()
    {
        var executor = await ExecutorAsync();
        executor.Agents = [FakeRun.Agent(), FakeRun.Agent("keeps-nothing") with { Cache = new AgentCachePolicy { Enabled = false } }];
        await using var noRedis = new TestRedis();
        var front = Keep(await Front.StartAsync(noRedis, [executor.Address]));

        Assert.Contains("cannot be reached", (await front.RefuseAsync(Question with { CacheOnly = true })).Detail, StringComparison.Ordinal);
        Assert.Equal(NotCached, (await front.RefuseAsync(Question with { CacheOnly = true, Agent = "keeps-nothing" })).Status);
        Assert.Empty(executor.Runs);
    }

    [Fact]
    public async Task A_session_that_has_none_says_so_and_no_rung_answers_instead()
    {
        var executor = await ExecutorAsync(run => run.RefuseAsync(NotCached, ProblemCodes.NotCached, field: "Cache-Control"));
        var front = await FrontAsync(executor);

        Assert.Equal(
            (NotCached, "not_cached", "Cache-Control"),
            Refusal(await front.RefuseAsync(Question with { SessionId = "s", CacheOnly = true, Strict = true })));
        Assert.True(executor.Runs.Single().CacheOnly);
    }

    [Fact]
    public async Task The_headers_say_what_the_body_says()
    {
        var executor = await ExecutorAsync();
        executor.Agents = [FakeRun.Agent(), FakeRun.Agent("keeps-nothing") with { Cache = new AgentCachePolicy { Enabled = false } }];
        var front = await FrontAsync(executor);

        Assert.Equal(("agentplatform; fwd=uri-miss; stored", null), await HeadersAsync(front, Question));
        var (hit, age) = await HeadersAsync(front, Question);
        Assert.Matches("^agentplatform; hit; ttl=3[3-7][0-9]{2}$", hit);
        Assert.Equal(0, age);
        Assert.Equal(("agentplatform; fwd=request; stored", null), await HeadersAsync(front, Question with { CacheRead = false }));
        Assert.Equal(
            ("agentplatform; fwd=request; detail=bypassed", null),
            await HeadersAsync(front, Question with { CacheRead = false, CacheWrite = false }));
        executor.OnRun = run => run.EndAsync(run.Outcome() with { Cache = new CacheDecision { Decision = "effects" } });
        Assert.Equal(("agentplatform; fwd=uri-miss; detail=effects", null), await HeadersAsync(front, Question with { Question = "other" }));
        executor.OnRun = run => run.EndAsync(run.Outcome() with { Cache = new CacheDecision { Decision = "disabled" } });
        Assert.Equal(
            ("agentplatform; fwd=bypass; detail=disabled", null), await HeadersAsync(front, Question with { Agent = "keeps-nothing" }));
        executor.OnRun = run => run.EndAsync(run.Outcome() with { Cache = new CacheDecision { Decision = "hit", Age = 7.9 } });
        Assert.Equal(("agentplatform; hit", 7), await HeadersAsync(front, Question with { SessionId = "s" }));
        executor.OnRun = run => run.EndAsync(run.Outcome() with { Cache = new CacheDecision { Decision = "stored" } });
        Assert.Equal(("agentplatform; fwd=uri-miss; stored", null), await HeadersAsync(front, Question with { SessionId = "s" }));
    }

    [Fact]
    public async Task A_stale_answer_is_one_that_was_past_its_time_when_its_run_failed()
    {
        var executor = await ExecutorAsync();
        executor.Agents = [FakeRun.Agent() with { Cache = new AgentCachePolicy { TtlSeconds = 0.2, Jitter = 0 } }];
        var front = await FrontAsync(executor);
        await front.AnswerAsync(Question);
        executor.OnRun = run => run.FailAsync(RunStatus.Failed, FailureReason.ModelError);
        AgentResult.Answered stale = null!;
        await Wait.UntilAsync(
            async () => (stale = await AskAsync(front, Question)).Answer.Cache.Stale, "the answer to be past its time");

        Assert.Matches("^agentplatform; fwd=stale; ttl=-[0-9]+; detail=stale$", stale.Cache!.Status);
        Assert.NotNull(stale.Cache.Age);
    }

    [Fact]
    public async Task Who_joined_is_told_so_and_a_cache_that_is_away_is_passed_by()
    {
        var go = new TaskCompletionSource();
        var executor = await ExecutorAsync(async run =>
        {
            await go.Task.WaitAsync(run.HungUp);
            await run.CompleteAsync();
        });
        var front = await FrontAsync(executor);
        await using var noRedis = new TestRedis();
        var cacheless = Keep(await Front.StartAsync(noRedis, [executor.Address]));

        var first = HeadersAsync(front, Question);
        await Wait.UntilAsync(() => executor.Runs.Count == 1, "the run");
        var second = HeadersAsync(front, Question);
        await Wait.UntilAsync(() => front.Metrics.Sum("agent_requests_total") == 2, "the other");
        go.SetResult();

        Assert.Equal("agentplatform; fwd=uri-miss; stored", (await first).Status);
        Assert.Equal("agentplatform; fwd=uri-miss; collapsed", (await second).Status);
        Assert.Equal("agentplatform; fwd=bypass; detail=unavailable", (await HeadersAsync(cacheless, Question)).Status);
    }

    private static async Task<(string Status, long? Age)> HeadersAsync(Front front, AgentQuestion question)
    {
        var headers = (await AskAsync(front, question)).Cache!;
        return (headers.Status, headers.Age);
    }

    private static async Task<AgentResult.Answered> AskAsync(Front front, AgentQuestion question) =>
        Assert.IsType<AgentResult.Answered>(await front.AskAsync(question));

    private static (int Status, string Code, string? Field) Refusal(AgentResult.Refused refused) => (refused.Status, refused.Code, refused.Field);
}
