using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>Runs that want too much, or take too long.</summary>
[Collection(SharedModelStack.Name)]
public sealed class LimitsOnTheStackTests(ModelStack shared)
{
    [Fact]
    public async Task A_run_that_wants_twelve_rounds_of_ten_is_answered_without_tools_and_says_so()
    {
        const string question = "Count to twelve.";
        shared.When(question, request => request.RoundsSinceQuestion < 12 && request.Offers("calculator")
            ? FakeReply.Call("calculator", $$"""{"expression":"{{request.RoundsSinceQuestion}}+1"}""")
            : FakeReply.Answer($"I came to {request.RoundsSinceQuestion}."));

        var reply = await shared.Stack.AskAsync(question);

        Assert.Equal(("I came to 10.", 10, "partial/limit"), (reply.Answer, reply.Iterations, reply.Degraded));
        Assert.Equal(11, shared.RequestsFor(question).Count);
        await Eventually.TrueAsync(
            () => shared.Stack.LogLines("executor-1", reply.RunId!).Any(line => line.Field("event") == "max_iterations_reached" && line.Field("trace_id") is not null),
            () => shared.Stack.LogText("executor-1"));
    }

    [Fact]
    public async Task A_slow_answer_is_logged()
    {
        const string question = "Take your time.";
        shared.When(question, _ => FakeReply.Answer("Done.").After(TimeSpan.FromSeconds(ModelStack.SlowSeconds)));

        var reply = await shared.Stack.AskAsync(question);

        await Eventually.TrueAsync(
            () => shared.Stack.LogLines("api-1", reply.RunId!).Any(line => line.Field("event") == "slow_response"),
            () => shared.Stack.LogText("api-1"));
    }
}
