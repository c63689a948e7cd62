using System.Net;
using System.Text.Json;
using AgentPlatform.Tests.Api;
using AgentPlatform.Tests.Api.Streaming;
using AgentPlatform.Tests.EndToEnd.OpenAI;
using AgentPlatform.Tests.ModelServer;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>The answer cache and its flights over two API processes.</summary>
[Collection(SharedOpenAIStack.Name)]
public sealed class SharedAnswersTests(OpenAIStack stack)
{
    private const int Crowd = 500;

    private readonly TwoFronts _fronts = new(stack);

    [Fact]
    public async Task Five_hundred_equal_questions_at_two_fronts_are_one_run_and_those_who_watch_see_the_same()
    {
        const string question = "Tell me what everybody wants to hear at once.";
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _fronts.Model.When(
            request => request.LastUserText == question,
            _ => FakeReply.Answer("One answer of several words, made once and told to all of them.") with { Hold = hold.Task });
        var asked = await _fronts.AskedAsync();

        // The leader watches its answer being made; in the middle of it all others come.
        await using var leader = await _fronts.StreamAsync(0, question);
        var told = new List<Sse.Event>();
        while (told.LastOrDefault()?.Name != "delta")
        {
            told.Add((await leader.NextAsync())!);
        }

        var streams = Enumerable.Range(0, 20).Select(n => WatchAsync(n % 2)).ToArray();
        var plain = Enumerable.Range(0, Crowd - 1 - streams.Length).Select(n => AnswerAsync(n % 2, question)).ToArray();
        await Wait.UntilAsync(async () => await _fronts.AskedAsync() - asked >= Crowd, "everybody to have asked", seconds: 30);
        hold.SetResult();
        told.AddRange(await leader.AllAsync());
        var answers = await Task.WhenAll(plain);
        var watched = await Task.WhenAll(streams);

        Assert.Equal(1, _fronts.ModelCalls(question));
        var first = told[^1].Data;
        var all = answers.Concat(watched.Select(events => events[^1].Data)).Append(first).ToArray();
        Assert.Equal(Crowd, all.Length);
        Assert.Single(all.Select(body => body.GetProperty("answer").GetString()).Distinct());
        Assert.Single(all.Select(body => body.GetProperty("run_id").GetString()).Distinct());
        Assert.All(all, body => Assert.Equal(JsonValueKind.Null, body.GetProperty("degraded").ValueKind));
        Assert.All(watched, events => Assert.Equal(Deltas(told), Deltas(events)));
        Assert.True(Deltas(told).Length > 3);

        async Task<List<Sse.Event>> WatchAsync(int front)
        {
            await using var stream = await _fronts.StreamAsync(front, question);
            Assert.Equal("agentplatform; fwd=uri-miss; collapsed", stream.Response.Headers.GetValues("Cache-Status").Single());
            return await stream.AllAsync();
        }
    }

    [Fact]
    public async Task Five_hundred_questions_that_differ_get_each_their_own_answer()
    {
        var answers = new string[Crowd];
        await Parallel.ForAsync(
            0, Crowd, new ParallelOptions { MaxDegreeOfParallelism = 100, CancellationToken = TestContext.Current.CancellationToken },
            async (n, _) => answers[n] = (await AnswerAsync(n % 2, Question(n))).GetProperty("answer").GetString()!);

        // The model says what it was asked.
        Assert.Equal(Enumerable.Range(0, Crowd).Select(Question), answers);

        static string Question(int n) => $"Say {string.Concat($"{n}".Select(digit => (char)('a' + (digit - '0'))))} again.";
    }

    [Fact]
    public async Task The_headers_tell_what_the_cache_did_and_a_caller_may_ask_for_a_cached_answer_only()
    {
        const string question = "Say something worth keeping.";
        var (nothing, problem) = await _fronts.AskAsync(0, question, cacheControl: "only-if-cached");
        var (made, _) = await _fronts.AskAsync(0, question);
        var (hit, _) = await _fronts.AskAsync(1, question, cacheControl: "only-if-cached, max-age=600");
        var (anew, _) = await _fronts.AskAsync(1, question, cacheControl: "no-cache");
        await using var stream = await _fronts.StreamAsync(0, question);

        Assert.Equal((HttpStatusCode.GatewayTimeout, "not_cached"), (nothing.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Equal("agentplatform; fwd=uri-miss; stored", Status(made));
        Assert.Null(made.Headers.Age);
        Assert.Matches("^agentplatform; hit; ttl=1[78][0-9]{2}$", Status(hit));
        Assert.InRange(hit.Headers.Age!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal("agentplatform; fwd=request; stored", Status(anew));
        Assert.Matches("^agentplatform; hit; ttl=1[78][0-9]{2}$", Status(stream.Response));
        Assert.Equal(2, _fronts.ModelCalls(question));
    }

    [Fact]
    public async Task A_session_gives_a_cached_answer_or_none_when_it_is_asked_for_that_only()
    {
        const string question = "Say something to a session.";
        var (nothing, problem) = await _fronts.AskAsync(0, question, cacheControl: "only-if-cached", session: "cached-only");
        await _fronts.AskAsync(0, question);
        var (hit, body) = await _fronts.AskAsync(1, question, cacheControl: "only-if-cached", session: "cached-only");

        Assert.Equal((HttpStatusCode.GatewayTimeout, "not_cached"), (nothing.StatusCode, problem.GetProperty("code").GetString()));
        Assert.True(body.GetProperty("cached").GetBoolean());
        Assert.Equal("agentplatform; hit", Status(hit));
        Assert.Equal(1, _fronts.ModelCalls(question));
    }

    [Fact]
    public async Task A_removal_at_one_front_holds_at_all_and_also_for_what_was_being_made()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        const string slow = "Say something slowly to be removed.";
        const string kept = "Say something to be removed.";
        _fronts.Model.When(request => request.LastUserText == slow, _ => FakeReply.Answer("At last, after a long time, it is said.") with { Hold = go.Task });
        await _fronts.AskAsync(0, kept, "other");
        await _fronts.AskAsync(1, kept.ToUpperInvariant(), "other");
        Assert.Equal((1, 0), (_fronts.ModelCalls(kept), _fronts.ModelCalls(kept.ToUpperInvariant())));
        var (mine, _) = await _fronts.AskAsync(0, kept);
        await using var stream = await _fronts.StreamAsync(0, slow);
        while ((await stream.NextAsync())!.Name != "delta")
        {
        }

        using var removal = await _fronts.Fronts[1].DeleteAsync(new Uri("/cache?agent=other", UriKind.Relative), TestContext.Current.CancellationToken);
        using var another = await _fronts.Fronts[1].DeleteAsync(new Uri("/cache?agent=default", UriKind.Relative), TestContext.Current.CancellationToken);
        go.SetResult();
        var done = (await stream.AllAsync())[^1];

        Assert.Equal("""{"removed":1}""", await removal.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("agentplatform; fwd=uri-miss; stored", Status(mine));
        Assert.Equal(("done", "removed"), (done.Name, done.Data.GetProperty("cache").GetProperty("decision").GetString()));
        Assert.False((await _fronts.AskAsync(1, kept, "other")).Body.GetProperty("cached").GetBoolean());
        Assert.False((await _fronts.AskAsync(1, slow)).Body.GetProperty("cached").GetBoolean());
        await Wait.UntilAsync(
            async () => (await _fronts.AskAsync(0, kept, cacheControl: "only-if-cached")).Response.StatusCode == HttpStatusCode.GatewayTimeout,
            "the other front to have forgotten",
            seconds: 6);
    }

    [Fact]
    public async Task An_answer_that_the_model_broke_off_at_its_limit_of_tokens_is_given_but_not_kept()
    {
        const string question = "Say more than you may.";
        _fronts.Model.When(request => request.LastUserText == question, _ => FakeReply.Answer("It begins well, and then") with { FinishReason = "length" });

        var (first, body) = await _fronts.AskAsync(0, question);
        await _fronts.AskAsync(0, question);

        Assert.Equal("truncated", body.GetProperty("cache").GetProperty("decision").GetString());
        Assert.Equal("agentplatform; fwd=uri-miss; detail=truncated", Status(first));
        Assert.Equal(2, _fronts.ModelCalls(question));
    }

    private async Task<JsonElement> AnswerAsync(int front, string question)
    {
        var (response, body) = await _fronts.AskAsync(front, question);
        Assert.True(response.StatusCode == HttpStatusCode.OK, body.ToString());
        return body;
    }

    private static string[] Deltas(IEnumerable<Sse.Event> events) =>
        [.. events.Where(told => told.Name == "delta").Select(told => $"{told.Id} {told.Text}")];

    private static string Status(HttpResponseMessage response) => response.Headers.GetValues("Cache-Status").Single();
}
