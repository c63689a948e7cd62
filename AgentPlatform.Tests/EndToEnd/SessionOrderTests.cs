using System.Net;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>Two messages at once on one session.</summary>
[Collection(SharedModelStack.Name)]
public sealed class SessionOrderTests(ModelStack shared)
{
    private static readonly TimeSpan Thinking = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task The_second_message_waits_and_knows_what_the_first_was_told()
    {
        const string first = "The first of two.";
        const string second = "The second of two.";
        shared.When(first, _ => FakeReply.Answer("First answer.").After(Thinking));
        shared.When(second, _ => FakeReply.Answer("Second answer."));

        var one = shared.Stack.AskAsync(first, session: "queue");
        await ModelHasAsync(first);
        var waiting = shared.Stack.AskAsync(second, session: "queue");
        await Eventually.TrueAsync(async () => await QueueDepthAsync() == 1, () => "nobody is said to wait");
        var two = await waiting;

        Assert.Equal(("First answer.", "Second answer."), ((await one).Answer, two.Answer));
        Assert.Equal(0, await QueueDepthAsync());
        var seen = Assert.Single(shared.RequestsFor(second)).Messages.EnumerateArray().Skip(1).Select(message => message.GetProperty("content").ToString());
        Assert.Equal([first, "First answer.", second], seen);
        var turns = (await shared.Stack.GetAsync("/sessions/queue/turns"))["items"].EnumerateArray().Select(turn => turn.GetProperty("turn").GetInt32());
        Assert.Equal([2, 1], turns);
    }

    [Fact]
    public async Task An_agent_that_takes_one_message_at_a_time_refuses_the_second()
    {
        const string first = "Only me.";
        shared.When(first, _ => FakeReply.Answer("Only you.").After(Thinking));

        var one = shared.Stack.AskAsync(first, session: "reject", agent: "one-at-a-time");
        await ModelHasAsync(first);
        var two = await shared.Stack.AskAsync("Me too?", session: "reject", agent: "one-at-a-time");

        Assert.Equal((HttpStatusCode.Conflict, "session_busy"), (two.Status, two["code"].GetString()));
        Assert.Equal("Only you.", (await one).Answer);
    }

    private async Task<double> QueueDepthAsync() => (await shared.Stack.ScrapeAsync("executor-1"))["agent_queue_depth"];

    private Task ModelHasAsync(string question) =>
        Eventually.TrueAsync(() => shared.RequestsFor(question).Count > 0, () => $"the model was never asked '{question}'");
}
