using AgentPlatform.Api.Agent;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Redis;
using Xunit;

namespace AgentPlatform.Tests.Api.Agent;

/// <summary>Questions that go well: from the executor, from the cache, from the session.</summary>
public sealed class AnsweringTests(TestRedis redis) : RunPath(redis)
{
    [Fact]
    public async Task The_first_answer_is_made_and_stored_the_second_is_a_hit()
    {
        var executor = await ExecutorAsync();
        var front = await FrontAsync(executor);

        var made = await front.AnswerAsync(Question);
        var hit = await front.AnswerAsync(Question);

        var run = Assert.Single(executor.Runs);
        Assert.Equal((Question.Question, "local", 7), (run.Question, run.TenantId, run.RunId.Version));
        Assert.InRange(run.Timeout, 15, 20);
        Assert.Equal(
            new AgentAnswer
            {
                Answer = "4",
                Iterations = 1,
                Duration = made.Duration,
                RunId = run.RunId,
                Agent = "default",
                Model = "model-1",
                Usage = new AnswerUsage(100, 20, 120, 0.25m, false),
                Cache = new AnswerCacheInfo(false, null, false, null, "stored"),
            },
            made);
        Assert.Equal(
            new AgentAnswer
            {
                Answer = "4",
                Duration = hit.Duration,
                Cached = true,
                Agent = "default",
                Model = "model-1",
                Usage = new AnswerUsage(0, 0, 0, 0, false),
                Cache = new AnswerCacheInfo(true, hit.Cache.Age, false, run.RunId, "hit"),
            },
            hit);
        Assert.NotNull(hit.Cache.Age);
    }

    [Fact]
    public async Task A_hit_of_one_front_is_a_hit_of_all_and_of_no_other_tenant()
    {
        var executor = await ExecutorAsync();
        await (await FrontAsync(executor)).AnswerAsync(Question);
        var elsewhere = await FrontAsync(executor);

        Assert.True((await elsewhere.AnswerAsync(Question)).Cached);
        Assert.False((await elsewhere.AnswerAsync(Question with { TenantId = "other" })).Cached);
    }

    [Fact]
    public async Task An_answer_that_is_not_cacheable_is_made_again()
    {
        var executor = await ExecutorAsync(run => run.EndAsync(
            run.Outcome() with { Cache = new CacheDecision { Decision = "effects" } }));
        var front = await FrontAsync(executor);

        Assert.Equal("effects", (await front.AnswerAsync(Question)).Cache.Decision);
        Assert.False((await front.AnswerAsync(Question)).Cached);
        Assert.Equal(2, executor.Runs.Count);
        Assert.All(executor.Runs, run => Assert.False(run.Attach));
    }

    [Fact]
    public async Task An_answer_of_another_version_is_stored_under_that_version_once_the_catalogue_shows_it()
    {
        var executor = await ExecutorAsync(run => run.EndAsync(run.Outcome() with { AgentVersion = "v2" }));
        var front = await FrontAsync(executor, ("ExecutorClient:CatalogueAge", "00:00:00"));

        Assert.Equal("other_version", (await front.AnswerAsync(Question)).Cache.Decision);
        executor.OnRun = async run =>
        {
            executor.Agents = [FakeRun.Agent() with { Version = "v2" }];
            executor.ETag = "\"2\"";
            await run.EndAsync(run.Outcome() with { AgentVersion = "v2" });
        };
        Assert.Equal("stored", (await front.AnswerAsync(Question)).Cache.Decision);
        Assert.True((await front.AnswerAsync(Question)).Cached);
    }

    [Fact]
    public async Task No_cache_makes_a_new_answer_and_no_store_keeps_none()
    {
        var executor = await ExecutorAsync();
        var front = await FrontAsync(executor);

        var unstored = await front.AnswerAsync(Question with { CacheRead = false, CacheWrite = false });
        Assert.Equal("bypassed", unstored.Cache.Decision);
        Assert.Equal("stored", (await front.AnswerAsync(Question)).Cache.Decision);
        var refreshed = await front.AnswerAsync(Question with { CacheRead = false });
        Assert.Equal((false, "stored"), (refreshed.Cached, refreshed.Cache.Decision));
        Assert.Equal(refreshed.RunId, (await front.AnswerAsync(Question)).Cache.SourceRunId);
        Assert.Equal([(false, false), (true, true), (false, true)], executor.Runs.Select(run => (run.CacheRead, run.CacheWrite)));
    }

    [Fact]
    public async Task An_agent_whose_answers_are_not_kept_is_asked_each_time()
    {
        var executor = await ExecutorAsync();
        executor.Agents = [FakeRun.Agent() with { Cache = new AgentCachePolicy { Enabled = false } }];
        var front = await FrontAsync(executor);

        await front.AnswerAsync(Question);
        await front.AnswerAsync(Question);

        Assert.Equal(2, executor.Runs.Count);
        Assert.Equal(2, front.Metrics.Sum("agent_cache_total", ("result", "bypass")));
    }

    [Fact]
    public async Task Without_a_catalogue_nothing_is_kept_and_nothing_else_is_said()
    {
        var executor = await ExecutorAsync();
        executor.AgentsStatus = System.Net.HttpStatusCode.InternalServerError;
        var front = await FrontAsync(executor);

        Assert.Equal("bypassed", (await front.AnswerAsync(Question)).Cache.Decision);
        Assert.False((await front.AnswerAsync(Question)).Cached);
    }

    [Fact]
    public async Task A_session_looks_up_and_stores_for_itself()
    {
        var source = Guid.CreateVersion7();
        var executor = await ExecutorAsync();
        var front = await FrontAsync(executor);
        var question = Question with { SessionId = "s-1" };

        var made = await front.AnswerAsync(question);
        executor.OnRun = run => run.EndAsync(run.Outcome() with
        {
            Cache = new CacheDecision { Decision = "hit", SourceRunId = source, Age = 2.5 },
        });
        var hit = await front.AnswerAsync(question);

        Assert.Equal(("s-1", "storable", false), (made.SessionId, made.Cache.Decision, made.Cached));
        Assert.Equal(("s-1", true, (Guid?)null, 0, 0L), (hit.SessionId, hit.Cached, hit.RunId, hit.Iterations, hit.Usage.TotalTokens));
        Assert.Equal(new AnswerCacheInfo(true, 2.5, false, source, "hit"), hit.Cache);
        Assert.Equal(1, front.Metrics.Sum("agent_cache_total", ("result", "hit")));
    }

    [Fact]
    public async Task A_run_that_waits_for_a_person_says_for_what()
    {
        var executor = await ExecutorAsync(run => run.EndAsync(run.Failure(RunStatus.AwaitingApproval) with
        {
            Approvals = [new PendingApproval("call-1", "send_mail", "{}")],
        }));
        var front = await FrontAsync(executor);

        var waiting = Assert.IsType<AgentResult.AwaitingApproval>(await front.AskAsync(Question));

        Assert.Equal(executor.Runs.Single().RunId, waiting.RunId);
        Assert.Equal("send_mail", Assert.Single(waiting.Approvals).Tool);
    }

    [Fact]
    public async Task Labels_travel_with_the_run()
    {
        var executor = await ExecutorAsync();
        var front = await FrontAsync(executor);

        await front.AnswerAsync(Question with { User = "ada", Metadata = new Dictionary<string, string> { ["team"] = "blue" } });

        var run = executor.Runs.Single();
        Assert.Equal(("ada", "blue"), (run.User, run.Metadata!["team"]));
    }

    [Fact]
    public async Task Without_redis_every_question_is_answered_and_nothing_is_kept()
    {
        var executor = await ExecutorAsync();
        await using var noRedis = new TestRedis();
        var front = Keep(await Front.StartAsync(noRedis, [executor.Address]));

        var first = await front.AnswerAsync(Question);
        var second = await front.AnswerAsync(Question);

        Assert.Equal(("unavailable", "unavailable"), (first.Cache.Decision, second.Cache.Decision));
        Assert.Null(second.Degraded);
        Assert.Equal(2, front.Metrics.Sum("agent_cache_total", ("result", "error")));
        Assert.Single(front.Log.Named("cache_unavailable"));
    }
}
