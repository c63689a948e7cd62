using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Commands;

/// <summary>Runs that are stopped, or that nobody waits for.</summary>
[Collection(PostOfficeTests.Name)]
public sealed class CancelTests(PostStack post)
{
    [Fact]
    public async Task A_run_is_stopped_in_the_middle_of_a_tool_that_only_reads()
    {
        var runId = await AtTheCounterAsync("Wait for me.");

        var stopped = await post.SayAsync($"/runs/{runId}/cancel", new { });
        var again = await post.SayAsync($"/runs/{runId}/cancel", new { });
        var run = await post.Stack.GetAsync($"/runs/{runId}");

        Assert.Equal((HttpStatusCode.OK, "cancelled"), (stopped.Status, stopped["status"].GetString()));
        Assert.Equal("cancelled", again["status"].GetString());
        var steps = run["steps"].EnumerateArray().ToArray();
        Assert.Equal(["run_started", "run_resumed", "model_replied", "tool_started", "tool_returned", "run_cancelled"], steps.Select(step => step.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task A_write_that_is_stopped_in_the_middle_leaves_a_question_that_a_person_answers()
    {
        var runId = await AtTheCounterAsync("Write slowly to ivan.", session: "slow-letters");

        var stopped = await post.SayAsync($"/runs/{runId}/cancel", new { });
        Assert.Equal("outcome_unknown", stopped["status"].GetString());
        Assert.Single(post.Post.LettersTo("ivan"));

        var run = await post.Stack.GetAsync($"/runs/{runId}");
        var callId = run["steps"].EnumerateArray().First(step => step.TryGetProperty("call_id", out _)).GetProperty("call_id").GetString();
        var recorded = await post.SayAsync($"/runs/{runId}/outcomes/{callId}", new { outcome = "happened", note = "I have the receipt." });
        var other = await post.SayAsync($"/runs/{runId}/outcomes/{callId}", new { outcome = "not_happened" });
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (recorded.Status, other.Status));

        var next = await post.Stack.AskAsync("Hello again.", session: "slow-letters");
        Assert.Equal("You said: Hello again.", next.Answer);
        Assert.Single(post.Post.LettersTo("ivan"));
    }

    [Fact]
    public async Task A_background_run_that_waits_its_turn_is_stopped_before_it_begins()
    {
        var first = await AtTheCounterAsync("Wait first.", session: "stopped-in-line");
        var second = await post.StartAsync("Write to judy.", session: "stopped-in-line");
        await post.BecomesAsync(second, "queued");

        var stopped = await post.SayAsync($"/runs/{second}/cancel", new { });
        await post.SayAsync($"/runs/{first}/cancel", new { });

        Assert.Equal("cancelled", stopped["status"].GetString());
        Assert.Empty(post.Post.LettersTo("judy"));
    }

    [Fact]
    public async Task A_question_whose_asker_has_gone_is_stopped()
    {
        using var leaving = new CancellationTokenSource();
        var before = post.Post.Waiting;
        using var body = new StringContent("""{"question":"Wait for nobody.","session_id":"left-alone","timeout":60}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        var asked = post.Stack.Http.PostAsync("/agent", body, leaving.Token);
        await Eventually.TrueAsync(() => post.Post.Waiting > before, () => "the tool was never called");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        StackReply? turns = null;
        await Eventually.TrueAsync(
            async () => (turns = await post.Stack.GetAsync("/sessions/left-alone/turns")) is { Status: HttpStatusCode.OK } && turns["items"][0].GetProperty("status").GetString() == "cancelled",
            () => $"{turns?.Body}");
        var run = await post.Stack.GetAsync($"/runs/{turns!["items"][0].GetProperty("run_id").GetString()}");
        var ending = run["steps"].EnumerateArray().Last();
        Assert.Equal(("run_cancelled", "unwatched"), (ending.GetProperty("type").GetString(), ending.GetProperty("cause").GetString()));
    }

    [Fact]
    public async Task A_reader_who_leaves_in_the_middle_of_a_stream_leaves_a_run_that_is_stopped()
    {
        using var ask = new HttpRequestMessage(HttpMethod.Post, "/agent")
        {
            Content = JsonContent.Create(new { question = "Wait and let me read.", stream = true, timeout = 60 }),
        };
        string runId;
        using (var response = await post.Stack.Http.SendAsync(ask, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
        {
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
            string? line;
            do
            {
                line = await lines.ReadLineAsync(TestContext.Current.CancellationToken);
            }
            while (line?.StartsWith("data: {", StringComparison.Ordinal) == false);

            runId = JsonSerializer.Deserialize<JsonElement>(line!["data: ".Length..]).GetProperty("run_id").GetString()!;
        }

        var run = await post.BecomesAsync(runId, "cancelled");
        Assert.Equal("unwatched", run["steps"].EnumerateArray().Last().GetProperty("cause").GetString());
    }

    [Fact]
    public async Task A_run_that_has_ended_stays_as_it_ended()
    {
        var answered = await post.Stack.AskAsync("Good evening.");

        var stopped = await post.SayAsync($"/runs/{answered.RunId}/cancel", new { });
        var unknown = await post.SayAsync($"/runs/{Guid.CreateVersion7()}/cancel", new { });

        Assert.Equal((HttpStatusCode.OK, "completed"), (stopped.Status, stopped["status"].GetString()));
        Assert.Equal((HttpStatusCode.NotFound, "run_not_found"), (unknown.Status, unknown["code"].GetString()));
    }

    private async Task<string> AtTheCounterAsync(string question, string? session = null)
    {
        var before = post.Post.Waiting;
        var runId = await post.StartAsync(question, session: session);
        await Eventually.TrueAsync(() => post.Post.Waiting > before, () => "the tool was never called");
        return runId;
    }
}
