using System.Diagnostics;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Core.Wire;
using AgentPlatform.ServiceDefaults.Resilience;
using AgentPlatform.Tests.Redis;
using Xunit;

namespace AgentPlatform.Tests.Api.ExecutorClient;

/// <summary>An executor that says nothing costs one silence, not one to each who asks.</summary>
public sealed class HungExecutorTests(TestRedis redis) : RunPath(redis)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Questions_after_the_first_pass_a_hung_executor_over()
    {
        var hung = await ExecutorAsync(run => run.HangAsync());
        var well = await ExecutorAsync();
        var front = await FrontAsync(hung, well);
        var started = Stopwatch.GetTimestamp();

        for (var question = 0; question < 12; question++)
        {
            Assert.IsType<RunReply.Outcome>(await RunAsync(front));
        }

        var took = Stopwatch.GetElapsedTime(started);
        Assert.True(took < Silence * 2, $"Twelve questions took {took}.");
        Assert.Single(hung.Runs);
        Assert.Equal(12, well.Runs.Count);
        var open = Assert.Single(front.Get<CircuitBoard>().Open);
        Assert.Equal((Hops.Executor, new Uri(hung.Address).Authority, "open"), (open.Hop, open.Endpoint, open.State));
        Assert.Equal(1, front.Metrics.Sum("agent_circuit_opened_total", ("hop", Hops.Executor)));
    }

    [Fact]
    public async Task Of_three_executors_two_may_hang()
    {
        var hung = new[] { await ExecutorAsync(run => run.HangAsync()), await ExecutorAsync(run => run.HangAsync()) };
        var well = await ExecutorAsync();
        var front = await FrontAsync(hung[0], well, hung[1]);
        for (var question = 0; question < 3; question++)
        {
            Assert.IsType<RunReply.Outcome>(await RunAsync(front));
        }

        var started = Stopwatch.GetTimestamp();
        for (var question = 0; question < 6; question++)
        {
            Assert.IsType<RunReply.Outcome>(await RunAsync(front));
        }

        Assert.True(Stopwatch.GetElapsedTime(started) < Silence);
    }

    [Fact]
    public async Task After_a_while_one_question_tries_it_and_its_answer_brings_it_back()
    {
        var isHung = true;
        var first = await ExecutorAsync(run => isHung ? run.HangAsync() : run.CompleteAsync());
        var second = await ExecutorAsync();
        var front = await FrontAsync([first.Address, second.Address], Settings("00:00:00.500"));
        await RunAsync(front);
        await RunAsync(front);
        isHung = false;
        var before = first.Runs.Count;

        await Wait.UntilAsync(
            async () =>
            {
                await RunAsync(front);
                return first.Runs.Count >= before + 2;
            },
            "the first executor is asked again");

        Assert.Empty(front.Get<CircuitBoard>().Open);
    }

    [Fact]
    public async Task With_nobody_else_there_it_is_asked_anyway()
    {
        var isHung = true;
        var only = await ExecutorAsync(run => isHung ? run.HangAsync() : run.CompleteAsync());
        var front = await FrontAsync([only.Address], Settings("00:05:00"));
        Assert.IsNotType<RunReply.Outcome>(await RunAsync(front, seconds: 1.5));
        Assert.Single(front.Get<CircuitBoard>().Open);
        isHung = false;

        Assert.IsType<RunReply.Outcome>(await RunAsync(front));
        Assert.Empty(front.Get<CircuitBoard>().Open);
    }

    [Fact]
    public async Task One_that_is_stopping_is_passed_over_too()
    {
        var stopping = await ExecutorAsync(run => run.RefuseAsync(503, ProblemCodes.Draining));
        var well = await ExecutorAsync();
        var front = await FrontAsync(stopping, well);

        for (var question = 0; question < 6; question++)
        {
            Assert.IsType<RunReply.Outcome>(await RunAsync(front));
        }

        Assert.Single(stopping.Runs);
    }

    private static (string, string)[] Settings(string passOverFor) =>
    [
        ("ExecutorClient:Silence", Silence.ToString()),
        ("ExecutorClient:StartWithin", "00:00:00.500"),
        ("ExecutorClient:ReattachWithin", "00:00:05"),
        ("ExecutorClient:PassOverFor", passOverFor),
    ];

    private Task<Front> FrontAsync(params FakeExecutor[] executors) =>
        FrontAsync(executors.Select(executor => executor.Address), Settings("00:05:00"));

    private static Task<RunReply> RunAsync(Front front, double seconds = 20) => front.Get<RunClient>().RunAsync(
        new RunRequest { RunId = Guid.CreateVersion7(), TenantId = "acme", Agent = "default", Question = "2+2?", Timeout = seconds },
        Deadline.In(TimeSpan.FromSeconds(seconds), TimeProvider.System),
        onFrame: null,
        Stop);
}
