using System.Net;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>What a caller gets when the model does not do its part.</summary>
[Collection(SharedModelStack.Name)]
public sealed class LadderOnTheStackTests(ModelStack shared)
{
    private const string English = "Sorry, I can't answer this question right now. Please try again later.";
    private const string Chinese = "抱歉，我暂时无法回答这个问题，请稍后重试。";

    private static readonly TimeSpan LatestAnswer = TimeSpan.FromSeconds(1 + 3 + 0.25);

    [Fact]
    public async Task A_model_that_stalls_costs_the_caller_no_more_than_the_timeout_and_three_seconds_and_nothing_is_kept()
    {
        const string question = "Will you stall?";
        const string counter = """agent_fallbacks_total{level="default",reason="timeout"}""";
        shared.When(question, _ => FakeReply.Stalls(FakeStall.BeforeHeaders));
        var before = await CountAsync(counter);

        var reply = await shared.Stack.AskAsync(question, timeout: 1);

        Assert.Equal((HttpStatusCode.OK, English, "default/timeout"), (reply.Status, reply.Answer, reply.Degraded));
        Assert.True(reply.Took < LatestAnswer, $"The answer took {reply.Took}.");
        Assert.Equal("none", reply["model"].GetString());
        Assert.Equal(before + 1, await CountAsync(counter));
        Assert.Equal("timed_out", (await shared.Stack.GetAsync($"/runs/{reply.RunId}"))["status"].GetString());

        shared.When(question, _ => FakeReply.Answer("Not any more."));
        var next = await shared.Stack.AskAsync(question, timeout: 5);
        Assert.Equal(("Not any more.", false, null), (next.Answer, next.Cached, next.Degraded));
    }

    [Fact]
    public async Task A_model_that_fails_is_the_fixed_sentence_in_the_callers_language()
    {
        const string question = "Will you fail?";
        shared.When(question, _ => FakeReply.ServerError());

        var english = await shared.Stack.AskAsync(question);
        var chinese = await shared.Stack.AskAsync(question, headers: ("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5"));

        Assert.Equal((HttpStatusCode.OK, English, "default/model_error"), (english.Status, english.Answer, english.Degraded));
        Assert.Equal((HttpStatusCode.OK, Chinese, "default/model_error"), (chinese.Status, chinese.Answer, chinese.Degraded));
    }

    [Fact]
    public async Task A_strict_caller_gets_a_problem_when_the_model_fails()
    {
        const string question = "Will you fail strictly?";
        shared.When(question, _ => FakeReply.ServerError());

        var reply = await shared.Stack.AskAsync(question, strict: true);

        Assert.True(
            (reply.Status, reply["code"].GetString()) == (HttpStatusCode.BadGateway, "model_error"),
            $"{reply.Body}{Environment.NewLine}{string.Join(Environment.NewLine, shared.Stack.LogText("api-1").Split('\n').Where(line => line.Contains(reply["trace_id"].GetString()!, StringComparison.Ordinal)))}");
    }

    [Fact]
    public async Task An_answer_past_its_time_is_better_than_none()
    {
        const string question = "What will be stale?";
        shared.When(question, _ => FakeReply.Answer("This."));
        var fresh = await shared.Stack.AskAsync(question, agent: "short-lived");
        shared.When(question, _ => FakeReply.Fail(400, "invalid_request"));

        StackReply? reply = null;
        await Eventually.TrueAsync(
            async () => (reply = await shared.Stack.AskAsync(question, agent: "short-lived")).Degraded is not null,
            () => $"{reply?.Body}");

        Assert.Equal(("This.", "stale/model_error", true), (reply!.Answer, reply.Degraded, reply.Cached));
        Assert.True(reply["cache"].GetProperty("stale").GetBoolean());
        Assert.Equal(fresh.RunId, reply["cache"].GetProperty("source_run_id").GetString());
    }

    private async Task<double> CountAsync(string series) => (await shared.Stack.ScrapeAsync("api-1")).Samples.GetValueOrDefault(series);
}
