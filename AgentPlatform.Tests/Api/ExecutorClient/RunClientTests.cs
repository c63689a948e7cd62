using System.Diagnostics;
using System.Text;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Tests.Redis;
using Xunit;

namespace AgentPlatform.Tests.Api.ExecutorClient;

public sealed class RunClientTests(TestRedis redis) : RunPath(redis)
{
    private static readonly (string, string)[] Impatient =
    [
        ("ExecutorClient:Silence", "00:00:00.500"),
        ("ExecutorClient:StartWithin", "00:00:00.500"),
        ("ExecutorClient:ReattachWithin", "00:00:03"),
    ];

    private readonly RunRequest _request = new()
    {
        RunId = Guid.CreateVersion7(),
        TenantId = "acme",
        Agent = "default",
        Question = "2+2?",
        Timeout = 10,
    };

    [Fact]
    public async Task Heartbeats_and_an_outcome_give_the_outcome()
    {
        string? tenant = null;
        var executor = await ExecutorAsync(async run =>
        {
            tenant = run.Tenant;
            await run.HeartbeatAsync();
            await run.HeartbeatAsync();
            await run.CompleteAsync("four");
        });

        var outcome = Assert.IsType<RunReply.Outcome>(await RunAsync([executor.Address]));

        Assert.Equal("four", outcome.Run.Answer);
        Assert.Equal(_request.RunId, outcome.Run.RunId);
        Assert.Null(outcome.Reattach);
        Assert.Equal("acme", tenant);
        Assert.Equal(_request, Assert.Single(executor.Runs));
    }

    [Fact]
    public async Task Watchers_get_events_and_deltas_in_order()
    {
        var executor = await ExecutorAsync(async run =>
        {
            await run.SendAsync(new RunFrame { Event = new ToolStarted { Seq = 2, CallId = "c", Tool = "clock", Effect = ToolEffect.Read } });
            await run.SendAsync(new RunFrame { Delta = new ReplyDelta(2, 1, "fo", 0, 1) });
            await run.HeartbeatAsync();
            await run.SendAsync(new RunFrame { Delta = new ReplyDelta(2, 2, "ur", 2, 1) });
            await run.CompleteAsync("four");
        });
        List<string> seen = [];

        await RunAsync([executor.Address], onFrame: frame => seen.Add(frame.Delta?.Text ?? frame.Event!.GetType().Name));

        Assert.Equal(["ToolStarted", "fo", "ur"], seen);
    }

    [Fact]
    public async Task A_long_answer_over_many_packets_is_one_line()
    {
        var text = new string('四', 500_000);
        var executor = await ExecutorAsync(run => run.CompleteAsync(text));

        Assert.Equal(text, Assert.IsType<RunReply.Outcome>(await RunAsync([executor.Address])).Run.Answer);
    }

    [Theory]
    [InlineData(404, ProblemCodes.AgentNotFound)]
    [InlineData(409, ProblemCodes.SessionBusy)]
    [InlineData(503, ProblemCodes.Overloaded)]
    [InlineData(503, ProblemCodes.DatabaseUnavailable)]
    public async Task A_refusal_that_no_other_executor_would_take_back_is_final(int status, string code)
    {
        var executor = await ExecutorAsync(run => run.RefuseAsync(status, code, 7, "agent"));

        var refused = Assert.IsType<RunReply.Refused>(await RunAsync([executor.Address]));

        Assert.Equal((status, code, "agent", TimeSpan.FromSeconds(7)), (refused.Status, refused.Code, refused.Field, refused.RetryAfter));
        Assert.Single(executor.Runs);
    }

    [Fact]
    public async Task A_problem_without_our_body_has_the_code_of_its_status()
    {
        var executor = await ExecutorAsync(run => run.RefuseAsync(500, null!));

        Assert.Equal(ProblemCodes.InternalError, Assert.IsType<RunReply.Refused>(await RunAsync([executor.Address])).Code);
    }

    public enum Loss
    {
        Break,
        BreakInMidLine,
        EndWithoutOutcome,
        Nonsense,
        Hang,
        HangAfterHeartbeat,
        Drain,
        Regroup,
    }

    [Theory]
    [InlineData(Loss.Break)]
    [InlineData(Loss.BreakInMidLine)]
    [InlineData(Loss.EndWithoutOutcome)]
    [InlineData(Loss.Nonsense)]
    [InlineData(Loss.Hang)]
    [InlineData(Loss.HangAfterHeartbeat)]
    [InlineData(Loss.Drain)]
    [InlineData(Loss.Regroup)]
    public async Task A_lost_executor_is_followed_by_another_attached_to_the_same_run(Loss loss)
    {
        var attempts = 0;
        async Task OnRunAsync(FakeRun run)
        {
            if (Interlocked.Increment(ref attempts) > 1)
            {
                await run.CompleteAsync("after all");
                return;
            }

            await (loss switch
            {
                Loss.Break => run.BreakAsync(),
                Loss.BreakInMidLine => BreakAfterAsync(run, """{"outcome":{"run_id":"""),
                Loss.EndWithoutOutcome => run.HeartbeatAsync(),
                Loss.Nonsense => run.WriteAsync("<html>\n"u8.ToArray()),
                Loss.Hang => run.HangAsync(),
                Loss.HangAfterHeartbeat => HangAfterAsync(run),
                Loss.Regroup => run.RefuseAsync(503, ProblemCodes.ExecutorUnavailable),
                _ => run.RefuseAsync(503, ProblemCodes.Draining),
            });
        }

        var executors = new[] { await ExecutorAsync(OnRunAsync), await ExecutorAsync(OnRunAsync) };

        var reply = await RunAsync(executors.Select(executor => executor.Address));

        Assert.Equal("after all", Assert.IsType<RunReply.Outcome>(reply).Run.Answer);
        Assert.Equal((Rung.Reattach, RungOutcome.Ok), (reply.Reattach!.Rung, reply.Reattach.Outcome));
        // Round robin: each got one, the second of them the request to attach.
        var runs = executors.Select(executor => Assert.Single(executor.Runs)).OrderBy(run => run.Attach).ToArray();
        Assert.Equal(_request, runs[0]);
        Assert.Equal(_request with { Attach = true }, runs[1]);
    }

    [Fact]
    public async Task An_executor_that_is_not_there_is_passed_over()
    {
        var executor = await ExecutorAsync();

        // Whichever comes first: two questions, one of them meets the closed port.
        var replies = new[] { await RunAsync([Nobody, executor.Address]), await RunAsync([executor.Address, Nobody]) };

        Assert.All(replies, reply => Assert.IsType<RunReply.Outcome>(reply));
    }

    [Fact]
    public async Task With_nobody_there_the_search_ends_soon()
    {
        var started = Stopwatch.GetTimestamp();

        var reply = Assert.IsType<RunReply.Unreachable>(await RunAsync([Nobody]));

        Assert.Equal(RungOutcome.Failed, reply.Reattach!.Outcome);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.2, 4);
    }

    [Fact]
    public async Task Work_that_goes_on_past_the_deadline_is_timed_out()
    {
        var executor = await ExecutorAsync(run => run.WorkForeverAsync());
        var started = Stopwatch.GetTimestamp();

        Assert.IsType<RunReply.TimedOut>(await RunAsync([executor.Address], TimeSpan.FromSeconds(1)));

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.9, 3);
        Assert.Single(executor.Runs);
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_the_listening()
    {
        var hungUp = new TaskCompletionSource();
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var executor = await ExecutorAsync(async run =>
        {
            run.HungUp.Register(hungUp.SetResult);
            await run.HeartbeatAsync();
            await caller.CancelAsync();
            await run.WorkForeverAsync();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync([executor.Address], cancellationToken: caller.Token));
        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(10), Stop);
    }

    private static async Task BreakAfterAsync(FakeRun run, string half)
    {
        await run.WriteAsync(Encoding.UTF8.GetBytes(half));
        await run.BreakAsync();
    }

    private static async Task HangAfterAsync(FakeRun run)
    {
        await run.HeartbeatAsync();
        await run.HangAsync();
    }

    private async Task<RunReply> RunAsync(
        IEnumerable<string> executors, TimeSpan? deadline = null, Action<RunFrame>? onFrame = null, CancellationToken? cancellationToken = null)
    {
        var front = await FrontAsync(executors, Impatient);
        return await front.Get<RunClient>().RunAsync(
            _request,
            Deadline.In(deadline ?? TimeSpan.FromSeconds(20), TimeProvider.System),
            onFrame is null ? null : (frame, _) =>
            {
                onFrame(frame);
                return ValueTask.CompletedTask;
            },
            cancellationToken ?? Stop);
    }
}
