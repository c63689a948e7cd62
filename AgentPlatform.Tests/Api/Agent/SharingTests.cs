using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Redis;
using Xunit;

namespace AgentPlatform.Tests.Api.Agent;

/// <summary>Equal questions at one time share a run.</summary>
public sealed class SharingTests(TestRedis redis) : RunPath(redis)
{
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Equal_questions_at_one_front_make_one_run()
    {
        var executor = await ExecutorAsync(CompleteOnSignalAsync);
        var front = await FrontAsync(executor);

        var asked = Enumerable.Range(0, 5).Select(_ => front.AnswerAsync(Question)).ToArray();
        await Wait.UntilAsync(() => !executor.Runs.IsEmpty, "the run");
        _go.SetResult();
        var answers = await Task.WhenAll(asked);

        var run = Assert.Single(executor.Runs);
        Assert.All(answers, answer => Assert.Equal((run.RunId, false, "4"), (answer.RunId!.Value, answer.Cached, answer.Answer)));
        Assert.Equal(["joined", "joined", "joined", "joined", "stored"], answers.Select(answer => answer.Cache.Decision).Order());
        Assert.Equal(4, front.Metrics.Sum("agent_cache_total", ("result", "joined")));
        // Paid once.
        Assert.Equal(120, front.Metrics.Sum("agent_tokens_total"));
    }

    [Fact]
    public async Task Equal_questions_at_two_fronts_make_one_run()
    {
        var executor = await ExecutorAsync(CompleteOnSignalAsync);
        var (here, there) = (await FrontAsync(executor), await FrontAsync(executor));

        var first = here.AnswerAsync(Question);
        await Wait.UntilAsync(() => executor.Runs.Count == 1, "the run");
        var second = there.AnswerAsync(Question);
        await Wait.UntilAsync(() => executor.Runs.Count == 2, "the other front to attach");
        _go.SetResult();

        Assert.Equal("stored", (await first).Cache.Decision);
        Assert.Equal("joined", (await second).Cache.Decision);
        Assert.Equal((await first).RunId, (await second).RunId);
        Assert.Equal([false, true], executor.Runs.Select(run => run.Attach));
        Assert.Single(executor.Runs.Select(run => run.RunId).Distinct());
    }

    [Fact]
    public async Task When_the_first_caller_leaves_the_others_follow_its_run()
    {
        var executor = await ExecutorAsync(CompleteOnSignalAsync);
        var front = await FrontAsync(executor);
        using var leaver = new CancellationTokenSource();

        var left = front.AskAsync(Question, leaver.Token);
        await Wait.UntilAsync(() => executor.Runs.Count == 1, "the run");
        var stayed = front.AnswerAsync(Question);
        await leaver.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await Wait.UntilAsync(() => executor.Runs.Count == 2, "the other caller to attach");
        _go.SetResult();

        Assert.Equal("4", (await stayed).Answer);
        Assert.Equal((executor.Runs.First().RunId, true), (executor.Runs.Last().RunId, executor.Runs.Last().Attach));
        Assert.True((await front.AnswerAsync(Question)).Cached);
    }

    [Fact]
    public async Task The_run_of_a_front_that_died_is_found_or_started_under_its_id()
    {
        var executor = await ExecutorAsync(run => run.HangAsync());
        var dead = await FrontAsync(executor);
        using var death = new CancellationTokenSource();
        var lost = dead.AskAsync(Question, death.Token);
        await Wait.UntilAsync(() => executor.Runs.Count == 1, "the run");
        await death.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost);

        executor.OnRun = run => run.CompleteAsync();
        var front = await FrontAsync(executor);
        var answer = await front.AnswerAsync(Question);

        Assert.Equal((executor.Runs.First().RunId, "joined"), (answer.RunId!.Value, answer.Cache.Decision));
        Assert.True((await front.AnswerAsync(Question)).Cached);
    }

    [Theory]
    [InlineData(RunStatus.Cancelled)]
    [InlineData(RunStatus.TimedOut)]
    public async Task A_joined_run_that_ended_for_its_owners_reasons_is_replaced_by_ones_own(RunStatus status)
    {
        var executor = await ExecutorAsync(async run =>
        {
            await _go.Task.WaitAsync(run.HungUp);
            await run.FailAsync(status);
        });
        var front = await FrontAsync(executor, ("Fallback:DirectModel", "false"));

        var first = front.AskAsync(Question);
        await Wait.UntilAsync(() => executor.Runs.Count == 1, "the run");
        var second = front.AnswerAsync(Question);
        executor.OnRun = run => run.CompleteAsync("my own");
        _go.SetResult();
        await first;

        Assert.Equal(("my own", "stored"), ((await second).Answer, (await second).Cache.Decision));
        Assert.Equal(2, executor.Runs.Select(run => run.RunId).Distinct().Count());
    }

    [Fact]
    public async Task A_lost_run_gets_one_more_attempt_which_all_who_waited_share()
    {
        var executor = await ExecutorAsync(async run =>
        {
            await run.HeartbeatAsync();
            await _go.Task.WaitAsync(run.HungUp);
            await run.BreakAsync();
        });
        var front = await FrontAsync(executor, ("ExecutorClient:ReattachWithin", "00:00:00.100"), ("Fallback:DirectModel", "false"));

        var asked = Enumerable.Range(0, 4).Select(_ => front.AnswerAsync(Question)).ToArray();
        await Wait.UntilAsync(() => front.Metrics.Sum("agent_requests_total") == 4 && !executor.Runs.IsEmpty, "everybody, and the run");
        var lost = executor.Runs.First().RunId;
        _go.SetResult();
        await Wait.UntilAsync(() => executor.Runs.Any(run => run.RunId != lost), "another run");
        var answers = await Task.WhenAll(asked);

        // The leader's own ladder, and for the others a second run that was lost too.
        Assert.All(answers, answer => Assert.Equal(FailureReason.ExecutorUnavailable, answer.Degraded!.Reason));
        Assert.Equal(2, executor.Runs.Select(run => run.RunId).Distinct().Count());
        Assert.Equal([1, 3], answers.GroupBy(answer => answer.RunId).Select(group => group.Count()).Order());
    }

    [Fact]
    public async Task Only_when_the_last_who_waits_leaves_is_the_run_left_alone()
    {
        var gone = 0;
        var executor = await ExecutorAsync(async run =>
        {
            try
            {
                await run.WorkForeverAsync();
            }
            finally
            {
                Interlocked.Increment(ref gone);
            }
        });
        var (here, there) = (await FrontAsync(executor), await FrontAsync(executor));
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        using var last = new CancellationTokenSource();

        var leader = here.AskAsync(Question, first.Token);
        await Wait.UntilAsync(() => executor.Runs.Count == 1, "the run");
        var elsewhere = there.AskAsync(Question, second.Token);
        await Wait.UntilAsync(() => executor.Runs.Count == 2, "the other front to attach");
        var waiter = here.AskAsync(Question, last.Token);
        await LeaveAsync(elsewhere, second);
        await LeaveAsync(leader, first);
        await Wait.UntilAsync(() => executor.Runs.Count == 3, "the waiter to take the run up");
        await Wait.UntilAsync(() => Volatile.Read(ref gone) == 2, "those who left to be gone");

        Assert.Single(executor.Runs.Select(run => run.RunId).Distinct());
        Assert.False(waiter.IsCompleted);
        // Nobody listens after this: the executor stops such a run when its ten seconds are over.
        await LeaveAsync(waiter, last);
        await Wait.UntilAsync(() => Volatile.Read(ref gone) == 3, "nobody to listen");

        static async Task LeaveAsync(Task asked, CancellationTokenSource leaving)
        {
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        }
    }

    [Fact]
    public async Task Without_redis_a_leader_that_leaves_still_leaves_its_run_to_those_who_wait()
    {
        var executor = await ExecutorAsync(CompleteOnSignalAsync);
        await using var noRedis = new TestRedis();
        var front = Keep(await Front.StartAsync(noRedis, [executor.Address]));
        using var leaver = new CancellationTokenSource();

        var left = front.AskAsync(Question, leaver.Token);
        await Wait.UntilAsync(() => executor.Runs.Count == 1, "the run");
        var stayed = front.AnswerAsync(Question);
        await Wait.UntilAsync(() => front.Metrics.Sum("agent_requests_total") == 2, "the other");
        await leaver.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await Wait.UntilAsync(() => executor.Runs.Count == 2, "the other caller to attach");
        _go.SetResult();

        Assert.Equal(executor.Runs.First().RunId, (await stayed).RunId);
        Assert.Equal([false, true], executor.Runs.Select(run => run.Attach));
    }

    [Fact]
    public async Task A_failed_run_sends_each_to_its_own_ladder_and_leaves_no_flight()
    {
        var executor = await ExecutorAsync(async run =>
        {
            await _go.Task.WaitAsync(run.HungUp);
            await run.FailAsync(RunStatus.Failed, FailureReason.ModelError);
        });
        var front = await FrontAsync(executor, ("Fallback:DirectModel", "false"));

        var strict = front.RefuseAsync(Question with { Strict = true });
        await Wait.UntilAsync(() => executor.Runs.Count == 1, "the run");
        var chinese = front.AnswerAsync(Question with { Language = "zh" });
        _go.SetResult();

        Assert.Equal(502, (await strict).Status);
        Assert.Equal("抱歉，我暂时无法回答这个问题，请稍后重试。", (await chinese).Answer);
        executor.OnRun = run => run.CompleteAsync();
        Assert.Equal("stored", (await front.AnswerAsync(Question)).Cache.Decision);
        Assert.Equal([false, false], executor.Runs.Select(run => run.Attach));
    }

    [Fact]
    public async Task Questions_to_an_agent_that_can_write_are_never_merged()
    {
        var executor = await ExecutorAsync(CompleteOnSignalAsync);
        executor.Agents = [FakeRun.Agent() with { Tools = [new ToolInfo("open_ticket", "", ToolEffect.Idempotent)] }];
        var front = await FrontAsync(executor);

        var asked = Enumerable.Range(0, 2).Select(_ => front.AnswerAsync(Question)).ToArray();
        await Wait.UntilAsync(() => executor.Runs.Count == 2, "both runs");
        _go.SetResult();

        Assert.Equal(2, (await Task.WhenAll(asked)).Select(answer => answer.RunId).Distinct().Count());
        // The executor found that these runs wrote nothing.
        Assert.True((await front.AnswerAsync(Question)).Cached);
    }

    [Fact]
    public async Task A_waiter_with_less_time_does_not_wait_for_the_leader()
    {
        var executor = await ExecutorAsync(CompleteOnSignalAsync);
        var front = await FrontAsync(executor, ("Fallback:DirectModel", "false"));

        var patient = front.AnswerAsync(Question);
        await Wait.UntilAsync(() => executor.Runs.Count == 1, "the run");
        var hasty = await front.AnswerAsync(Question with { Timeout = 0.3 });
        _go.SetResult();

        Assert.Equal((FailureReason.Timeout, executor.Runs.Single().RunId), (hasty.Degraded!.Reason, hasty.RunId!.Value));
        Assert.Null((await patient).Degraded);
    }

    private async Task CompleteOnSignalAsync(FakeRun run)
    {
        await run.HeartbeatAsync();
        await _go.Task.WaitAsync(run.HungUp);
        await run.CompleteAsync();
    }
}
