using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Faults;

/// <summary>Faults that a question brings along, and what they leave alone.</summary>
[Collection(SharedFaultStack.Name)]
public sealed class InjectedFaultTests(FaultStack shared)
{
    [Fact]
    public async Task A_question_with_faults_leaves_no_trace_in_the_cache()
    {
        var question = FaultStack.Question("What is 11 * 11?", timeout: 10);

        var faulted = await shared.AskAsync(question, "model=latency:10ms");
        var first = await shared.AskAsync(question, fault: null);
        var faultedAgain = await shared.AskAsync(question, "model=latency:10ms");

        Assert.Equal((null, false, "bypassed"), (faulted.Degraded, faulted.Cached, faulted["cache"].GetProperty("decision").GetString()));
        Assert.Equal((null, false, "stored"), (first.Degraded, first.Cached, first["cache"].GetProperty("decision").GetString()));
        Assert.Equal((null, false, "bypassed"), (faultedAgain.Degraded, faultedAgain.Cached, faultedAgain["cache"].GetProperty("decision").GetString()));
        Assert.NotEqual(first.RunId, faultedAgain.RunId);
    }

    [Fact]
    public async Task In_a_session_neither()
    {
        var question = FaultStack.Question("What is 12 * 11?", timeout: 10);
        question["session_id"] = "faults-1";
        var same = FaultStack.Question("What is 12 * 11?", timeout: 10);
        same["session_id"] = "faults-2";

        var faulted = await shared.AskAsync(question, "tool=latency:10ms");
        var first = await shared.AskAsync(same, fault: null);

        Assert.Equal((null, false), (faulted.Degraded, faulted.Cached));
        Assert.False(first.Cached);
    }

    [Fact]
    public async Task The_stale_rung_reads_the_cache_unless_that_is_away_too()
    {
        var question = FaultStack.Question("What is 13 * 11?");
        await shared.AskAsync(question, fault: null);

        Assert.Equal("stale/model_error", (await shared.AskAsync(question, "model=content_filter")).Degraded);
        Assert.Equal("default/model_error", (await shared.AskAsync(question, "model=content_filter,cache=away")).Degraded);
    }

    [Fact]
    public async Task Malformed_arguments_end_in_an_answer_that_says_what_it_is()
    {
        var once = await shared.AskAsync(FaultStack.Question("What is 14 * 11?", timeout: 10), "model=malformed_arguments*1");
        var always = await shared.AskAsync(FaultStack.Question("What is 14 * 11?", timeout: 10), "model=malformed_arguments");

        Assert.Equal((HttpStatusCode.OK, null), (once.Status, once.Degraded));
        Assert.Contains("not valid JSON", once.Answer, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "partial/limit"), (always.Status, always.Degraded));
        Assert.NotEqual("", always.Answer.Trim());
    }

    [Fact]
    public async Task Retries_end_before_the_deadline()
    {
        var reply = await shared.AskAsync(FaultStack.Question("What is 15 * 11?", timeout: 0.2), "model=500,direct=500");

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Contains(reply.Degraded, (string[])["default/timeout", "default/model_error"]);
        Assert.True(reply.Took < TimeSpan.FromSeconds(0.2 + 3.25), $"{reply.Took}");
    }

    [Theory]
    [InlineData("tool=error")]
    [InlineData("tool=large_output")]
    public async Task A_broken_tool_is_told_to_the_model(string fault)
    {
        var reply = await shared.AskAsync(FaultStack.Question("What is 16 * 11?", timeout: 10), fault);

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal("tool_returned", (await shared.Stack.GetAsync($"/runs/{reply.RunId}"))["steps"].EnumerateArray().Select(step => step.GetProperty("type").GetString()).First(type => type == "tool_returned"));
        Assert.DoesNotContain("176", reply.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_output_is_an_answer_like_any_other()
    {
        var reply = await shared.AskAsync(FaultStack.Question("Tell me much.", timeout: 20), "model=large_output");
        Assert.Equal((HttpStatusCode.OK, 256 * 1024), (reply.Status, reply.Answer.Length));
    }

    [Fact]
    public async Task A_background_run_meets_its_faults_too()
    {
        var accepted = await shared.Stack.SendAsync(
            HttpMethod.Post, "/runs", JsonContent.Create(new JsonObject { ["question"] = "What is 17 * 11?", ["timeout"] = 10 }), ("X-Fault", "model=context_overflow"));
        Assert.Equal(HttpStatusCode.Accepted, accepted.Status);

        StackReply? run = null;
        await Eventually.TrueAsync(
            async () => (run = await shared.Stack.GetAsync($"/runs/{accepted.RunId}"))["status"].GetString() == "failed", () => $"{run?.Body}");
    }

    [Theory]
    [InlineData("/agent")]
    [InlineData("/runs")]
    public async Task A_fault_that_there_is_not_is_refused_with_those_there_are(string path)
    {
        var refused = await shared.Stack.SendAsync(
            HttpMethod.Post, path, JsonContent.Create(new JsonObject { ["question"] = "x" }), ("X-Fault", "model=on_fire"));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request", "X-Fault"), (refused.Status, refused["code"].GetString(), refused["field"].GetString()));
        Assert.Contains("model=stall|latency:2s|429|500", refused["detail"].GetString(), StringComparison.Ordinal);
    }
}
