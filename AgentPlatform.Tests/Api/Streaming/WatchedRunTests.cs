using System.Net;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Tests.Api.Contract;
using Xunit;

namespace AgentPlatform.Tests.Api.Streaming;

/// <summary><c>GET /runs/{run_id}/events</c>.</summary>
public sealed class WatchedRunTests : StreamedRuns
{
    private readonly Guid _runId = Guid.CreateVersion7();
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_finished_run_is_told_from_its_beginning_and_done_is_its_answer()
    {
        var executor = await ExecutorAsync(onFrames: TellAsync);

        var events = await (await WatchAsync(Front(executor), _runId)).AllAsync();

        Assert.Equal(Ids, events.Select(told => told.ToString()));
        var body = events[^1].Data;
        Assert.Equal((Answer, 2.5, _runId), (body.GetProperty("answer").GetString(), body.GetProperty("duration").GetDouble(), body.GetProperty("run_id").GetGuid()));
        Assert.Equal([""], executor.Watched);
    }

    [Fact]
    public async Task From_every_position_on_it_is_told_without_gap_or_duplicate()
    {
        var executor = await ExecutorAsync(onFrames: TellAsync);
        executor.OnLookUp = _ => Samples.Run;
        var client = Front(executor);
        var whole = await (await WatchAsync(client, _runId)).AllAsync();

        for (var i = 0; i < whole.Count - 1; i++)
        {
            var rest = await (await WatchAsync(client, _runId, whole[i].Id)).AllAsync();
            Assert.Equal(whole[(i + 1)..^1], rest[..^1]);
            Assert.Equal(("done", 2.0), (rest[^1].Name, rest[^1].Data.GetProperty("duration").GetDouble()));
        }
    }

    [Fact]
    public async Task However_many_watch_one_stream_is_read_and_it_is_closed_behind_the_last()
    {
        var left = new TaskCompletionSource();
        var executor = await ExecutorAsync(onFrames: async run =>
        {
            run.HungUp.Register(left.SetResult);
            await run.AcceptAsync();
            await run.WorkForeverAsync();
        });
        var client = Front(executor);

        var streams = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => WatchAsync(client, _runId)));
        foreach (var stream in streams)
        {
            Assert.Equal("1.0 run_started", (await stream.NextAsync())!.ToString());
        }

        Assert.Single(executor.Watched);
        foreach (var stream in streams)
        {
            Assert.False(left.Task.IsCompleted);
            await stream.DisposeAsync();
        }

        await left.Task.WaitAsync(TimeSpan.FromSeconds(10), Stop);
        Assert.Single(executor.Watched);
    }

    [Fact]
    public async Task Who_watches_a_streamed_answer_shares_its_stream()
    {
        var executor = await ExecutorAsync(async run =>
        {
            await run.SendAsync(Story(run).First());
            await _go.Task.WaitAsync(run.HungUp);
            foreach (var frame in Story(run).Skip(1))
            {
                await run.SendAsync(frame);
            }

            await run.CompleteAsync(Answer);
        });
        var client = Front(executor);

        var asked = await AskAsync(client, new { question = "2+2?", stream = true });
        var first = await asked.NextAsync();
        var watching = await WatchAsync(client, first!.Data.GetProperty("run_id").GetGuid());
        _go.SetResult();

        Assert.Equal(Ids, (await watching.AllAsync()).Select(told => told.ToString()));
        Assert.Equal(Ids[1..], (await asked.AllAsync()).Select(told => told.ToString()));
        Assert.Empty(executor.Watched);
        Assert.Single(executor.Runs);
    }

    [Fact]
    public async Task A_watcher_stays_while_the_run_waits_for_a_person()
    {
        var waiting = new TaskCompletionSource<FakeRun>();
        var executor = await ExecutorAsync(
            async run =>
            {
                await run.AcceptAsync();
                await _go.Task.WaitAsync(run.HungUp);
                await run.EventAsync(new ApprovalRequested { Seq = 2, CallId = "c1", Tool = "send_mail", Arguments = "{}" });
                await run.EndAsync(run.Failure(RunStatus.AwaitingApproval));
            },
            async run =>
            {
                await run.EventAsync(new ApprovalDecided { Seq = 3, CallId = "c1", Approved = true });
                await run.CompleteAsync("sent");
            });
        var client = Front(executor);

        var asked = await AskAsync(client, new { question = "Write to Ada", stream = true });
        var watching = await WatchAsync(client, (await asked.NextAsync())!.Data.GetProperty("run_id").GetGuid());
        Assert.Equal("1.0 run_started", (await watching.NextAsync())!.ToString());
        _go.SetResult();

        Assert.Equal(["2.0 approval_requested", " done"], (await asked.AllAsync()).Select(told => told.ToString()));
        Assert.Equal(["2.0 approval_requested", "3.0 approval_decided", " done"], (await watching.AllAsync()).Select(told => told.ToString()));
        Assert.Equal(["2.0"], executor.Watched);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_executor_is_followed_by_another_from_the_last_position(bool silent)
    {
        var attempts = 0;
        async Task OnFrames(FakeRun run)
        {
            if (Interlocked.Increment(ref attempts) > 1)
            {
                await TellAsync(run);
                return;
            }

            foreach (var frame in Story(run).Take(5))
            {
                await run.SendAsync(frame);
            }

            if (silent)
            {
                await run.HangAsync();
            }
        }

        var executors = new[] { await ExecutorAsync(onFrames: OnFrames), await ExecutorAsync(onFrames: OnFrames) };

        var events = await (await WatchAsync(Front(executors), _runId)).AllAsync();

        Assert.Equal(Ids, events.Select(told => told.ToString()));
        Assert.Equal(["", "3.2"], executors.SelectMany(executor => executor.Watched).Order());
    }

    [Theory]
    [InlineData(RunStatus.Cancelled, null, "run_cancelled", 409)]
    [InlineData(RunStatus.Failed, FailureReason.ModelError, "model_error", 502)]
    [InlineData(RunStatus.TimedOut, FailureReason.Timeout, "timeout", 504)]
    public async Task A_run_without_an_answer_ends_with_its_problem(RunStatus status, FailureReason? reason, string code, int http)
    {
        var executor = await ExecutorAsync(onFrames: async run =>
        {
            await run.AcceptAsync();
            await run.FailAsync(status, reason);
        });

        var events = await (await WatchAsync(Front(executor), _runId)).AllAsync();

        Assert.Equal(["1.0 run_started", " error"], events.Select(told => told.ToString()));
        Assert.Equal((code, http), (events[1].Data.GetProperty("code").GetString(), events[1].Data.GetProperty("status").GetInt32()));
        Assert.Equal(_runId, events[1].Data.GetProperty("run_id").GetGuid());
    }

    [Fact]
    public async Task A_long_run_is_not_kept_whole_and_yet_told_whole()
    {
        const int Count = 200;
        var text = new string('x', 50_000);
        async Task OnFrames(FakeRun run)
        {
            if (run.After == FrameId.Start)
            {
                await run.AcceptAsync();
            }

            for (var n = Math.Max(run.After.N, 0) + 1; n <= Count; n++)
            {
                await run.DeltaAsync(1, n, text, n - 1);
            }

            await _go.Task.WaitAsync(run.HungUp);
            await run.CompleteAsync("done");
        }

        var executor = await ExecutorAsync(onFrames: OnFrames);
        executor.OnLookUp = _ => Samples.Run;
        var client = Front(executor);
        var early = await WatchAsync(client, _runId);
        for (var n = 0; n <= Count; n++)
        {
            Assert.Equal($"1.{n}", (await early.NextAsync())!.Id);
        }

        // Beyond the bound by now: who begins at the beginning needs a stream of its own.
        var late = await WatchAsync(client, _runId);
        for (var n = 0; n <= Count; n++)
        {
            Assert.Equal($"1.{n}", (await late.NextAsync())!.Id);
        }

        Assert.Equal(2, executor.Watched.Count(after => after.Length == 0));
        _go.SetResult();
        Assert.Equal("done", (await late.NextAsync())!.Name);
        Assert.Equal("done", (await early.NextAsync())!.Name);
    }

    [Fact]
    public async Task While_nothing_happens_comments_show_that_somebody_is_there()
    {
        var executor = await ExecutorAsync(onFrames: async run =>
        {
            await run.AcceptAsync();
            for (var beat = 0; beat < 10; beat++)
            {
                await run.HeartbeatAsync();
                await Task.Delay(50, run.HungUp);
            }

            await run.CompleteAsync();
        });

        var stream = await WatchAsync(Front(executor), _runId);
        await stream.AllAsync();

        Assert.NotEmpty(stream.Comments);
        Assert.All(stream.Comments, comment => Assert.Equal(": heartbeat", comment));
    }

    [Theory]
    [InlineData("/events", "x", "Last-Event-ID")]
    [InlineData("/events", "", "Last-Event-ID")]
    [InlineData("/events", "1", "Last-Event-ID")]
    [InlineData("/events", "-1.0", "Last-Event-ID")]
    [InlineData("/events?last_event_id=1.x", null, "last_event_id")]
    [InlineData("/events?last_event=1.0", null, "last_event")]
    public async Task A_bad_position_is_a_problem_that_names_it(string path, string? header, string field)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/runs/{_runId}{path}");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", header);
        }

        using var response = await Front(await ExecutorAsync()).SendAsync(request, Stop);

        await Problems.ReadAsync(response, HttpStatusCode.BadRequest, "invalid_request", field);
    }

    [Fact]
    public async Task What_cannot_be_watched_is_an_ordinary_problem()
    {
        using var unknown = await Front(await ExecutorAsync()).GetAsync(new Uri($"/runs/{_runId}/events", UriKind.Relative), Stop);
        using var bad = await Front(await ExecutorAsync()).GetAsync(new Uri("/runs/17/events", UriKind.Relative), Stop);
        var away = await ExecutorAsync(onFrames: run => run.RefuseAsync(503, ProblemCodes.DatabaseUnavailable, 2));
        using var later = await Front(away).GetAsync(new Uri($"/runs/{_runId}/events", UriKind.Relative), Stop);

        await Problems.ReadAsync(unknown, HttpStatusCode.NotFound, "run_not_found", "run_id");
        await Problems.ReadAsync(bad, HttpStatusCode.BadRequest, "invalid_request", "run_id");
        await Problems.ReadAsync(later, HttpStatusCode.ServiceUnavailable, "database_unavailable", null);
        Assert.NotNull(later.Headers.RetryAfter?.Delta);
    }
}
