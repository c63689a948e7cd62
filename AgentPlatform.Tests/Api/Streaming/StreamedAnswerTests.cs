using System.Net;
using System.Net.Http.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Tests.Api.Contract;
using Xunit;

namespace AgentPlatform.Tests.Api.Streaming;

/// <summary><c>POST /agent</c> with <c>stream</c>.</summary>
public sealed class StreamedAnswerTests : StreamedRuns
{
    private static readonly object Question = new { question = "2+2?", stream = true };

    [Fact]
    public async Task The_run_is_told_as_it_happens_and_done_is_the_body()
    {
        var executor = await ExecutorAsync(TellAsync);

        var stream = await AskAsync(Front(executor), Question);
        var events = await stream.AllAsync();

        Assert.Equal(Ids, events.Select(told => told.ToString()));
        var run = Assert.Single(executor.Runs);
        Assert.True(run is { Watch: true, Attach: false });
        Assert.Empty(executor.Watched);
        Assert.Equal(Answer, string.Concat(events.Where(told => told.Name == "delta").Select(told => told.Data.GetProperty("text").GetString())));
        var body = events[^1].Data;
        Assert.Equal(Answer, body.GetProperty("answer").GetString());
        Assert.Equal(run.RunId, body.GetProperty("run_id").GetGuid());
        Assert.Equal(
            ["answer", "iterations", "duration", "cached", "run_id", "session_id", "agent", "model", "usage", "degraded", "cache"],
            body.EnumerateObject().Select(member => member.Name));
        var response = stream.Response;
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("no", response.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.True(response.Headers.CacheControl is { NoCache: true, NoStore: true });
    }

    [Fact]
    public async Task Each_event_has_its_documented_members()
    {
        RunEvent[] more =
        [
            new RunResumed { Seq = 2, At = At(1), Epoch = 2, Executor = "e2" },
            new ToolStarted { Seq = 3, At = At(1), CallId = "c2", Tool = "send_mail", Effect = ToolEffect.Write },
            new ToolReturned { Seq = 4, At = At(1), CallId = "c2", Tool = "send_mail", Result = "no", Error = ToolErrorKind.Denied, Synthetic = true, DurationMs = 3 },
            new ApprovalRequested { Seq = 5, At = At(1), CallId = "c3", Tool = "send_mail", Arguments = "{}" },
            new ApprovalDecided { Seq = 6, At = At(1), CallId = "c3", Approved = false, Reason = "No.", By = "ada" },
        ];
        var executor = await ExecutorAsync(async run =>
        {
            await run.AcceptAsync();
            foreach (var happened in more)
            {
                await run.EventAsync(happened);
            }

            await run.DeltaAsync(6, 1, "Hm", 0);
            await run.SendAsync(new RunFrame { Discarded = new ReplyDiscarded(6, 2, 1) });
            await run.EventAsync(((ModelReplied)Story(run).ElementAt(1).Event!) with { Seq = 7 });
            await run.FailAsync(RunStatus.Failed, FailureReason.ModelError);
        });
        var client = Front(executor);

        var events = await (await AskAsync(client, new { question = "2+2?", stream = true, strict = true })).AllAsync();

        Snapshot.Body("events", $"[{string.Join(',', events.Select(told =>
            $$"""{"id":"{{told.Id}}","event":"{{told.Name}}","data":{{Neutral(told, executor)}}}"""))}]");
    }

    [Fact]
    public async Task Nothing_wrong_with_the_question_begins_a_stream()
    {
        var executor = await ExecutorAsync(run => run.RefuseAsync(409, ProblemCodes.SessionBusy, field: "session_id"));
        var client = Front(executor);

        using var blank = await PostAsync(client, new { question = " ", stream = true });
        using var unknown = await PostAsync(client, new { question = "x", stream = true, agent = "nobody" });
        using var busy = await PostAsync(client, new { question = "x", stream = true, session_id = "s" });

        await Problems.ReadAsync(blank, HttpStatusCode.BadRequest, "invalid_request", "question");
        await Problems.ReadAsync(unknown, HttpStatusCode.NotFound, "agent_not_found", "agent");
        await Problems.ReadAsync(busy, HttpStatusCode.Conflict, "session_busy", "session_id");
    }

    [Fact]
    public async Task When_the_ladder_answers_the_unfinished_text_is_taken_back()
    {
        var executor = await ExecutorAsync(async run =>
        {
            await run.AcceptAsync();
            await run.DeltaAsync(1, 1, "It is pro", 0);
            await run.FailAsync(RunStatus.OutcomeUnknown, FailureReason.OutcomeUnknown);
        });

        var events = await (await AskAsync(Front(executor), Question)).AllAsync();

        Assert.Equal(
            ["1.0 run_started", "1.1 delta", " reply_discarded", " degraded", " delta", " done"], events.Select(told => told.ToString()));
        Assert.Equal(1, events[2].Data.GetProperty("attempt").GetInt32());
        Assert.Equal(("default", "outcome_unknown"), (Word(events[3], "level"), Word(events[3], "reason")));
        Assert.Equal(Word(events[5], "answer"), Word(events[4], "text"));
        Assert.Equal((0, 2), (events[4].Data.GetProperty("offset").GetInt32(), events[4].Data.GetProperty("attempt").GetInt32()));
    }

    [Fact]
    public async Task Strict_callers_are_told_the_problem_last()
    {
        var executor = await ExecutorAsync(async run =>
        {
            await run.AcceptAsync();
            await run.FailAsync(RunStatus.Failed, FailureReason.ModelError);
        });

        var events = await (await AskAsync(Front(executor), new { question = "2+2?", stream = true, strict = true })).AllAsync();

        Assert.Equal(["1.0 run_started", " error"], events.Select(told => told.ToString()));
        Assert.Equal(("model_error", 502), (Word(events[1], "code"), events[1].Data.GetProperty("status").GetInt32()));
        Assert.Matches("^[0-9a-f]{32}$", Word(events[1], "trace_id"));
    }

    [Fact]
    public async Task A_run_that_waits_for_a_person_ends_with_the_body_of_202()
    {
        var executor = await ExecutorAsync(async run =>
        {
            await run.AcceptAsync();
            await run.EventAsync(new ApprovalRequested { Seq = 2, CallId = "c1", Tool = "send_mail", Arguments = "{}" });
            await run.EndAsync(run.Failure(RunStatus.AwaitingApproval) with { Approvals = [new PendingApproval("c1", "send_mail", "{}")] });
        });

        var events = await (await AskAsync(Front(executor), Question)).AllAsync();

        Assert.Equal(["1.0 run_started", "2.0 approval_requested", " done"], events.Select(told => told.ToString()));
        Assert.Equal(
            $$"""{"run_id":"{{executor.Runs.Single().RunId}}","status":"awaiting_approval","session_id":null,"approvals":[{"call_id":"c1","tool":"send_mail","arguments":"{}"}]}""",
            events[^1].Text);
    }

    [Fact]
    public async Task A_text_nobody_was_streamed_comes_as_one_delta()
    {
        var executor = await ExecutorAsync(run => run.CompleteAsync("of the cache"));

        var events = await (await AskAsync(Front(executor), Question)).AllAsync();

        Assert.Equal([" delta", " done"], events.Select(told => told.ToString()));
        Assert.Equal("of the cache", Word(events[0], "text"));
    }

    [Fact]
    public async Task An_executor_lost_in_the_middle_is_followed_by_another_without_gap_or_duplicate()
    {
        var attempts = 0;
        async Task OnRun(FakeRun run)
        {
            if (Interlocked.Increment(ref attempts) > 1)
            {
                foreach (var frame in Story(run))
                {
                    await run.SendAsync(frame);
                }

                await run.EndAsync(run.Outcome(Answer) with { TakenOver = true });
                return;
            }

            foreach (var frame in Story(run).Take(5))
            {
                await run.SendAsync(frame);
            }
        }

        var executors = new[] { await ExecutorAsync(OnRun), await ExecutorAsync(OnRun) };

        var events = await (await AskAsync(Front(executors), Question)).AllAsync();

        Assert.Equal([.. Ids[..^1], " degraded", " done"], events.Select(told => told.ToString()));
        Assert.Equal("retried", Word(events[^2], "level"));
        Assert.Equal([false, true], executors.SelectMany(executor => executor.Runs).Select(run => run.Attach).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_joins_an_equal_question_watches_its_run(bool leaderStreams)
    {
        var go = new TaskCompletionSource();
        async Task Rest(FakeRun run)
        {
            await go.Task.WaitAsync(run.HungUp);
            foreach (var frame in Story(run, run.After == FrameId.Start ? new FrameId(1, 0) : run.After))
            {
                await run.SendAsync(frame);
            }

            await run.CompleteAsync(Answer);
        }

        async Task Whole(FakeRun run)
        {
            await run.AcceptAsync();
            await Rest(run);
        }

        var executor = await ExecutorAsync(Whole, Whole);
        var client = Front(executor);

        var leader = leaderStreams ? (await AskAsync(client, Question)).AllAsync() : LeadAsync(client);
        await Wait.UntilAsync(() => !executor.Runs.IsEmpty, "the run");
        var joiner = await AskAsync(client, Question);
        Assert.Equal("1.0 run_started", (await joiner.NextAsync())!.ToString());
        go.SetResult();
        await leader;
        var events = await joiner.AllAsync();

        Assert.Equal(Ids[1..], events.Select(told => told.ToString()));
        Assert.Equal("joined", events[^1].Data.GetProperty("cache").GetProperty("decision").GetString());
        Assert.Single(executor.Runs);
        Assert.Equal(leaderStreams ? 0 : 1, executor.Watched.Count);
    }

    [Fact]
    public async Task A_client_that_leaves_closes_the_stream_behind_it()
    {
        var left = new TaskCompletionSource();
        var executor = await ExecutorAsync(async run =>
        {
            run.HungUp.Register(left.SetResult);
            await run.AcceptAsync();
            await run.WorkForeverAsync();
        });

        var stream = await AskAsync(Front(executor), Question);
        Assert.Equal("1.0 run_started", (await stream.NextAsync())!.ToString());
        await stream.DisposeAsync();

        await left.Task.WaitAsync(TimeSpan.FromSeconds(10), Stop);
    }

    private static string Neutral(Sse.Event told, FakeExecutor executor) => told.Name == "error"
        ? "{}"
        : told.Text.Replace(executor.Runs.Single().RunId.ToString(), "RUN", StringComparison.Ordinal);

    private static async Task LeadAsync(HttpClient client)
    {
        using var answer = await PostAsync(client, new { question = "2+2?" });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static string? Word(Sse.Event told, string member) => told.Data.GetProperty(member).GetString();

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, object body) =>
        client.PostAsJsonAsync(new Uri("/agent", UriKind.Relative), body, Stop);
}
