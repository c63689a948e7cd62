using AgentPlatform.Tests.Api.Streaming;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.OpenAI;

/// <summary>The rest of a response's events, from any API, at any time, after any loss.</summary>
[Collection(SharedOpenAIStack.Name)]
public sealed class ResumedResponsesTests(OpenAIStack stack)
{
    private const string Delta = "response.output_text.delta";

    [Fact]
    public async Task The_rest_is_exact_during_the_run_and_after_it_wherever_it_is_read()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        WhenStoryIsAsked("Tell a long story", hold.Task);
        await using var stream = await stack.Fronts[0].StreamResponseAsync("Tell a long story", background: true);
        var events = await ReadUntilAsync(stream, deltas: 2);

        int?[] positions = [null, 0, 4, events.Count - 1];
        var during = positions.SelectMany(position => stack.Fronts.Select(front => (Position: position, Events: front.EventsAsync(IdOf(events[0]), position)))).ToList();
        hold.SetResult();
        events.AddRange(await stream.AllAsync());

        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(next => next.Number()));
        Assert.Equal("There once were 5 who met in a wood and stayed.", events[^1].Data.GetProperty("response").Text());
        foreach (var (position, rest) in during)
        {
            Assert.Equal(Tail(events, position), await rest);
        }

        await AssertRestsAsync(events);
    }

    [Fact]
    public async Task An_executor_lost_in_mid_reply_fails_the_stream_and_what_is_read_later_is_the_truth_and_stays_it_when_every_process_was_killed()
    {
        WhenStoryIsAsked("Tell a short story", Task.CompletedTask);
        await using var whole = await stack.Fronts[0].StreamResponseAsync("Tell a short story");
        var events = await whole.AllAsync();
        var asked = 0;
        stack.When("Who is lost?", _ => Interlocked.Increment(ref asked) == 1 ? FakeReply.Stalls(FakeStall.MidStream) : FakeReply.Answer("Nobody is lost."));

        await using var stream = await stack.Fronts[0].StreamResponseAsync("Who is lost?");
        var shown = await ReadUntilAsync(stream, deltas: 1);
        await stack.Stack.KillAndAwaitReturnAsync("executor-1");
        shown.AddRange(await stream.AllAsync());

        Assert.Equal(("response.failed", shown.Count - 1), (shown[^1].Name, shown[^1].Number()));
        var id = IdOf(shown[0]);
        var status = "";
        await Eventually.TrueAsync(
            async () => (status = (await stack.Fronts[1].GetResponseAsync(id)).GetProperty("status").GetString()) is not ("queued" or "in_progress"), () => $"{status}");
        var final = await stack.Fronts[1].GetResponseAsync(id);
        Assert.Equal(("completed", "Nobody is lost.", "retried"), (status, final.Text(), final.GetProperty("degraded").GetProperty("level").GetString()));
        var truth = await stack.Fronts[0].EventsAsync(id);
        Assert.DoesNotContain(truth, text => text.Contains("sentence", StringComparison.Ordinal));

        await Task.WhenAll(stack.Stack.KillAndAwaitReturnAsync("api-1"), stack.Stack.KillAndAwaitReturnAsync("api-2"));
        Assert.Equal(truth, await stack.Fronts[0].EventsAsync(id));
        Assert.Equal(truth, await stack.Fronts[1].EventsAsync(id));
        await AssertRestsAsync(events);
    }

    private static string IdOf(Sse.Event created) => created.Data.GetProperty("response").GetProperty("id").GetString()!;

    private static IEnumerable<string> Tail(List<Sse.Event> events, int? position) => events.Skip((position ?? -1) + 1).Select(next => next.Text);

    private static async Task<List<Sse.Event>> ReadUntilAsync(Sse stream, int deltas)
    {
        var events = new List<Sse.Event>();
        while (events.Count(next => next.Name == Delta) < deltas)
        {
            var next = await stream.NextAsync();
            Assert.True(next is not null, $"The stream ended after {string.Join(Environment.NewLine, events.Select(seen => seen.Text))}");
            events.Add(next);
        }

        return events;
    }

    private void WhenStoryIsAsked(string question, Task hold) => stack.When(question, request => request.RoundsSinceQuestion == 0
        ? FakeReply.Call("calculator", """{"expression":"2+3"}""")
        : FakeReply.Answer($"There once were {request.LastToolResult} who met in a wood and stayed.").WithPieceDelay(TimeSpan.FromMilliseconds(30)) with { Hold = hold });

    private async Task AssertRestsAsync(List<Sse.Event> events)
    {
        foreach (var position in (int?[])[null, 0, 3, events.Count - 2, events.Count - 1, events.Count + 5])
        {
            foreach (var front in stack.Fronts)
            {
                Assert.Equal(Tail(events, position), await front.EventsAsync(IdOf(events[0]), position));
            }
        }
    }
}
