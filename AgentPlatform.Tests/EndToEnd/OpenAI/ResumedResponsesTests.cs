using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.OpenAI;

/// <summary>The rest of a response's events, from any API, at any time, after any loss.</summary>
[Collection(SharedOpenAIStack.Name)]
public sealed class ResumedResponsesTests(OpenAIStack stack)
{
    [Fact]
    public async Task The_rest_is_exact_during_the_run_after_it_and_after_every_process_was_killed()
    {
        const string question = "Tell a long story";
        var hold = new TaskCompletionSource();
        stack.When(question, request => request.RoundsSinceQuestion == 0
            ? FakeReply.Call("calculator", """{"expression":"2+3"}""")
            : FakeReply.Answer($"There once were {request.LastToolResult} who met in a wood and stayed.").WithPieceDelay(TimeSpan.FromMilliseconds(30)) with { Hold = hold.Task });

        await using var stream = await stack.Fronts[0].StreamResponseAsync(question, background: true);
        var first = (await stream.NextAsync())!;
        var id = first.Data.GetProperty("response").GetProperty("id").GetString()!;
        List<string> events = [first.Text];
        while (events.Count(text => text.Contains("output_text.delta", StringComparison.Ordinal)) < 2)
        {
            events.Add((await stream.NextAsync())!.Text);
        }

        int?[] positions = [null, 0, 4, events.Count - 1];
        var during = positions.SelectMany(position => stack.Fronts.Select(front => (Position: position, Events: front.EventsAsync(id, position)))).ToList();
        hold.SetResult();
        events.AddRange((await stream.AllAsync()).Select(next => next.Text));

        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(text => System.Text.Json.JsonElement.Parse(text).GetProperty("sequence_number").GetInt32()));
        Assert.Contains("There once were 5 who met in a wood and stayed.", events[^1], StringComparison.Ordinal);
        foreach (var (position, rest) in during)
        {
            Assert.Equal(Tail(position), await rest);
        }

        await AssertRestsAsync();
        await Task.WhenAll(stack.Stack.KillAndAwaitReturnAsync("executor-1"), stack.Stack.KillAndAwaitReturnAsync("api-1"), stack.Stack.KillAndAwaitReturnAsync("api-2"));
        await AssertRestsAsync();

        IEnumerable<string> Tail(int? position) => events.Skip((position ?? -1) + 1);

        async Task AssertRestsAsync()
        {
            foreach (var position in (int?[])[null, 0, 3, events.Count - 2, events.Count - 1, events.Count + 5])
            {
                foreach (var front in stack.Fronts)
                {
                    Assert.Equal(Tail(position), await front.EventsAsync(id, position));
                }
            }
        }
    }

    [Fact]
    public async Task An_executor_lost_in_mid_reply_fails_the_stream_and_the_response_goes_on()
    {
        const string question = "Who is lost?";
        var asked = 0;
        stack.When(question, _ => Interlocked.Increment(ref asked) == 1 ? FakeReply.Stalls(FakeStall.MidStream) : FakeReply.Answer("Nobody is lost."));

        await using var stream = await stack.Fronts[0].StreamResponseAsync(question);
        var events = new List<AgentPlatform.Tests.Api.Streaming.Sse.Event>();
        while (!events.Exists(next => next.Name == "response.output_text.delta"))
        {
            events.Add((await stream.NextAsync())!);
        }

        await stack.Stack.KillAndAwaitReturnAsync("executor-1");
        events.AddRange(await stream.AllAsync());

        Assert.Equal("response.failed", events[^1].Name);
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(next => next.Number()));
        var id = events[0].Data.GetProperty("response").GetProperty("id").GetString()!;
        var status = "";
        await Eventually.TrueAsync(
            async () => (status = (await stack.Fronts[1].GetResponseAsync(id)).GetProperty("status").GetString()) is not ("queued" or "in_progress"),
            () => $"{status} {stack.Stack.LogText("api-1")}");
        var final = await stack.Fronts[1].GetResponseAsync(id);
        Assert.Equal(("completed", "Nobody is lost.", "retried"), (status, final.Text(), final.GetProperty("degraded").GetProperty("level").GetString()));
        var truth = await stack.Fronts[0].EventsAsync(id);
        Assert.Equal(truth, await stack.Fronts[1].EventsAsync(id));
        Assert.Contains("\"type\":\"response.completed\"", truth[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(truth, text => text.Contains("sentence", StringComparison.Ordinal));
    }
}
