using System.Net;
using System.Net.Http.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Tests.Api.Contract;
using AgentPlatform.Tests.Api.Streaming;
using Xunit;

namespace AgentPlatform.Tests.Api.Idempotency;

/// <summary><c>Idempotency-Key</c> on <c>POST /agent</c> and <c>POST /runs</c>.</summary>
public sealed class KeyedQuestionTests : StreamedRuns
{
    private static readonly object Question = new { question = "2+2?" };

    private readonly string _key = Guid.CreateVersion7().ToString();

    [Fact]
    public async Task A_repetition_gets_what_was_delivered_first_byte_for_byte()
    {
        var executor = await ExecutorAsync();
        var client = Front(executor);

        using var first = await PostAsync(client, Question);
        using var again = await PostAsync(client, new { question = "2+2?", timeout = 30.0, agent = "default", stream = false });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, again.StatusCode));
        Assert.Equal(await TextAsync(first), await TextAsync(again));
        Assert.Equal(first.Content.Headers.ContentType, again.Content.Headers.ContentType);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        var claim = executor.Claims.Claimed.First();
        Assert.Equal(("POST /agent", _key), (claim.Route, claim.Key));
        Assert.Equal((claim.RunId, false), (executor.Runs.Single().RunId, executor.Runs.Single().Attach));
    }

    [Fact]
    public async Task Many_at_once_are_one_run_and_one_answer()
    {
        var go = new TaskCompletionSource();
        var executor = await ExecutorAsync(async run =>
        {
            await run.HeartbeatAsync();
            await go.Task.WaitAsync(run.HungUp);
            await run.CompleteAsync();
        });
        // Nothing of an agent that writes is ever shared but by key.
        executor.Agents = [FakeRun.Agent() with { Tools = [new ToolInfo("send_mail", "", ToolEffect.Write)] }];
        var client = Front(executor);

        var posts = Enumerable.Range(0, 50).Select(_ => PostAsync(client, Question)).ToArray();
        await Wait.UntilAsync(() => executor.Runs.Count == 50, "all to be at work on the run");
        go.SetResult();
        var answers = await Task.WhenAll(posts);

        Assert.Single((await Task.WhenAll(answers.Select(TextAsync))).Distinct());
        Assert.Single(executor.Runs.Select(run => run.RunId).Distinct());
        Assert.Single(executor.Runs, run => !run.Attach);
        Assert.All(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_a_conflict_and_on_another_route_another_key()
    {
        var executor = await ExecutorAsync(run => run.Request.Background ? run.AcceptAsync() : run.CompleteAsync());
        var client = Front(executor);
        using var first = await PostAsync(client, Question);
        using var other = await PostAsync(client, new { question = "3+3?" });
        using var streamed = await PostAsync(client, new { question = "2+2?", stream = true });
        using var background = await PostAsync(client, Question, "/runs");

        await Problems.ReadAsync(other, HttpStatusCode.Conflict, "idempotency_conflict", "Idempotency-Key");
        await Problems.ReadAsync(streamed, HttpStatusCode.Conflict, "idempotency_conflict", "Idempotency-Key");
        Assert.Equal(HttpStatusCode.Accepted, background.StatusCode);
        Assert.Equal(2, executor.Runs.Count);
    }

    [Fact]
    public async Task A_background_run_is_accepted_once()
    {
        var executor = await ExecutorAsync(run => run.AcceptAsync());
        var client = Front(executor);

        using var first = await PostAsync(client, Question, "/runs");
        using var again = await PostAsync(client, Question, "/runs");

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.StatusCode, again.StatusCode));
        Assert.Equal(await TextAsync(first), await TextAsync(again));
        Assert.Equal($"/runs/{executor.Runs.Single().RunId}", first.Headers.Location?.OriginalString);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
    }

    [Fact]
    public async Task A_caller_who_left_finds_the_answer_when_he_comes_back()
    {
        var go = new TaskCompletionSource();
        var executor = await ExecutorAsync(async run =>
        {
            await run.HeartbeatAsync();
            await go.Task.WaitAsync(run.HungUp);
            await run.CompleteAsync("for you");
        });
        var client = Front(executor);
        using var leaver = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var left = PostAsync(client, Question, cancellationToken: leaver.Token);
        await Wait.UntilAsync(() => !executor.Runs.IsEmpty, "the run");
        await leaver.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        go.SetResult();
        await Wait.UntilAsync(() => !executor.Claims.Settled.IsEmpty, "the answer to be written down");
        using var back = await PostAsync(client, Question);

        Assert.Contains("for you", await TextAsync(back), StringComparison.Ordinal);
        Assert.Single(executor.Runs);
    }

    [Fact]
    public async Task A_problem_of_a_run_stands_and_a_refusal_does_not()
    {
        var executor = await ExecutorAsync(run => run.FailAsync(RunStatus.Failed, FailureReason.ModelError));
        var client = Front(executor);
        using var failed = await PostAsync(client, new { question = "2+2?", strict = true });
        using var again = await PostAsync(client, new { question = "2+2?", strict = true });

        await Problems.ReadAsync(failed, HttpStatusCode.BadGateway, "model_error", null);
        Assert.Equal(await TextAsync(failed), await TextAsync(again));
        Assert.Single(executor.Runs);
        Assert.Empty(executor.Claims.Released);
    }

    [Theory]
    [InlineData(503, ProblemCodes.Overloaded)]
    [InlineData(409, ProblemCodes.SessionBusy)]
    public async Task A_refused_question_may_be_sent_again_with_its_key(int status, string code)
    {
        var refuse = true;
        var executor = await ExecutorAsync(run => refuse ? run.RefuseAsync(status, code, 1) : run.CompleteAsync());
        var client = Front(executor);
        using var refused = await PostAsync(client, new { question = "2+2?", strict = true });
        refuse = false;
        using var other = await PostAsync(client, new { question = "3+3?", strict = true });

        await Problems.ReadAsync(refused, (HttpStatusCode)status, code, null);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_key_whose_background_run_nobody_confirmed_keeps_its_run()
    {
        var silent = true;
        var executor = await ExecutorAsync(run => silent ? run.RefuseAsync(503, ProblemCodes.Draining) : run.AcceptAsync());
        var client = Front(executor);
        using var unconfirmed = await PostAsync(client, Question, "/runs");
        silent = false;
        using var again = await PostAsync(client, Question, "/runs");

        await Problems.ReadAsync(unconfirmed, HttpStatusCode.ServiceUnavailable, "executor_unavailable", null);
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        Assert.Single(executor.Runs.Select(run => run.RunId).Distinct());
        Assert.True(executor.Runs.Last().Attach);
    }

    [Fact]
    public async Task A_run_that_was_abandoned_with_its_front_is_made_anew()
    {
        var executor = await ExecutorAsync(run => run.Request.Attach ? run.FailAsync(RunStatus.Cancelled) : run.CompleteAsync());
        executor.OnLookUp = _ => Samples.Run with { Events = [new RunCancelled { Seq = 2, Cause = RunCancelled.Unwatched }] };
        var client = Front(executor);
        using var first = await PostAsync(client, Question);
        var claim = executor.Claims.Claimed.Single();
        // As a front that died after its claim leaves it.
        executor.Claims = new FakeClaims();
        executor.Claims.Claim(claim with { RunId = Guid.CreateVersion7() });

        using var again = await PostAsync(client, Question);

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Single(executor.Claims.Released);
        Assert.Equal([false, true, false], executor.Runs.Select(run => run.Attach));
    }

    [Fact]
    public async Task Without_a_claim_nothing_is_promised_and_nothing_is_done()
    {
        var executor = await ExecutorAsync();
        executor.Claims.Status = 503;
        using var database = await PostAsync(Front(executor), Question);
        using var nobody = await PostAsync(Keep(ApiProcess.Start(ApiProcess.Nobody)).CreateDefaultClient(), Question);

        await Problems.ReadAsync(database, HttpStatusCode.ServiceUnavailable, "database_unavailable", null);
        await Problems.ReadAsync(nobody, HttpStatusCode.ServiceUnavailable, "executor_unavailable", null);
        Assert.NotNull(nobody.Headers.RetryAfter?.Delta);
        Assert.Empty(executor.Runs);
    }

    [Fact]
    public async Task An_answer_that_could_not_be_written_down_is_delivered_all_the_same()
    {
        FakeExecutor? executor = null;
        executor = await ExecutorAsync(run =>
        {
            executor!.Claims.Status = 503;
            return run.CompleteAsync();
        });

        using var answer = await PostAsync(Front(executor), Question);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_streamed_answer_streams_once_and_is_then_its_last_event()
    {
        var executor = await ExecutorAsync(TellAsync);
        var client = Front(executor);

        var first = await (await AskAsync(client, new { question = "2+2?", stream = true }, _key)).AllAsync();
        var again = await AskAsync(client, new { question = "2+2?", stream = true }, _key);
        var told = await again.AllAsync();

        Assert.Equal(Ids, first.Select(happened => happened.ToString()));
        Assert.Equal([first[^1]], told);
        Assert.Equal("true", again.Response.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Single(executor.Runs);
    }

    [Fact]
    public async Task Two_streams_of_one_key_show_the_same_run_and_end_alike()
    {
        var go = new TaskCompletionSource();
        var executor = await ExecutorAsync(async run =>
        {
            await run.SendAsync(Story(run).First());
            await go.Task.WaitAsync(run.HungUp);
            foreach (var frame in Story(run).Skip(1))
            {
                await run.SendAsync(frame);
            }

            await run.CompleteAsync(Answer);
        });
        var client = Front(executor);

        var one = await AskAsync(client, new { question = "2+2?", stream = true }, _key);
        var other = await AskAsync(client, new { question = "2+2?", stream = true }, _key);
        var begun = new[] { await one.NextAsync(), await other.NextAsync() };
        go.SetResult();
        var rests = new[] { await one.AllAsync(), await other.AllAsync() };

        Assert.Equal(begun[0], begun[1]);
        Assert.Equal(rests[0], rests[1]);
        Assert.Equal(Ids[1..], rests[0].Select(told => told.ToString()));
        Assert.Single(executor.Runs);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData(256)]
    public async Task A_key_that_is_none_is_a_problem_that_names_the_header(object key)
    {
        var executor = await ExecutorAsync();
        foreach (var path in new[] { "/agent", "/runs" })
        {
            using var response = await PostAsync(Front(executor), Question, path, key as string ?? new string('k', (int)key));
            await Problems.ReadAsync(response, HttpStatusCode.BadRequest, "invalid_request", "Idempotency-Key");
        }

        Assert.Empty(executor.Claims.Claimed);
    }

    [Fact]
    public async Task A_bad_body_claims_nothing_and_an_unknown_agent_gives_its_key_back()
    {
        var executor = await ExecutorAsync();
        var client = Front(executor);
        using var blank = await PostAsync(client, new { question = " " });
        Assert.Empty(executor.Claims.Claimed);
        using var unknown = await PostAsync(client, new { question = "x", agent = "nobody" });

        await Problems.ReadAsync(blank, HttpStatusCode.BadRequest, "invalid_request", "question");
        await Problems.ReadAsync(unknown, HttpStatusCode.NotFound, "agent_not_found", "agent");
        Assert.Single(executor.Claims.Released);
        Assert.Equal(_key, executor.Claims.Claimed.Single().Key);
    }

    private static Task<string> TextAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(Stop);

    private async Task<HttpResponseMessage> PostAsync(
        HttpClient client, object body, string path = "/agent", string? key = null, CancellationToken? cancellationToken = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key ?? _key);
        return await client.SendAsync(request, cancellationToken ?? Stop);
    }
}
