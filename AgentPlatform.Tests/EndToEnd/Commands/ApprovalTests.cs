using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Commands;

/// <summary>Calls that need a person's word.</summary>
[Collection(PostOfficeTests.Name)]
public sealed class ApprovalTests(PostStack post)
{
    [Fact]
    public async Task A_call_waits_for_its_word_through_the_death_of_every_executor_and_then_happens_once()
    {
        var (runId, callId) = await AskAsync("Write to ada.");
        Assert.Empty(post.Post.LettersTo("ada"));

        await post.Stack.KillAndAwaitReturnAsync("executor-1");
        await post.Stack.KillAndAwaitReturnAsync("executor-2");
        var standing = await DecideAsync(runId, callId, new { decision = "approve", reason = "fine" });
        var run = await post.BecomesAsync(runId, "completed");

        Assert.Equal(HttpStatusCode.OK, standing.Status);
        Assert.Equal("Result: sent", run["answer"].GetString());
        Assert.Equal([($"{runId}:{callId}", "ada")], post.Post.LettersTo("ada"));
        var types = run["steps"].EnumerateArray().Select(step => step.GetProperty("type").GetString()).ToArray();
        Assert.Equal(
            ["run_started", "model_replied", "approval_requested", "run_resumed", "approval_decided", "tool_started", "tool_returned", "model_replied", "run_completed"],
            types);
    }

    [Fact]
    public async Task A_denied_call_never_happens_and_the_agent_is_told()
    {
        var (runId, callId) = await AskAsync("Write to bob.");

        await DecideAsync(runId, callId, new { decision = "deny", reason = "not him" });
        var run = await post.BecomesAsync(runId, "completed");

        Assert.Contains("denied", run["answer"].GetString(), StringComparison.Ordinal);
        Assert.Empty(post.Post.LettersTo("bob"));
    }

    [Fact]
    public async Task The_same_word_twice_is_one_word_and_the_other_word_comes_too_late()
    {
        var (runId, callId) = await AskAsync("Write to carol.");

        var words = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => DecideAsync(runId, callId, new { decision = "approve" })));
        var other = await DecideAsync(runId, callId, new { decision = "deny" });
        await post.BecomesAsync(runId, "completed");

        Assert.All(words, word => Assert.True(word.Status == HttpStatusCode.OK, word.Body.ToString()));
        Assert.Equal((HttpStatusCode.Conflict, "approval_decided"), (other.Status, other["code"].GetString()));
        Assert.Single(post.Post.LettersTo("carol"));
    }

    [Fact]
    public async Task A_word_on_other_arguments_than_the_calls_is_refused()
    {
        var (runId, callId) = await AskAsync("Write to dave.");

        var other = await DecideAsync(runId, callId, new { decision = "approve", arguments = """{"to":"mallory"}""" });
        Assert.Equal((HttpStatusCode.Conflict, "approval_mismatch"), (other.Status, other["code"].GetString()));
        Assert.Empty(post.Post.LettersTo("dave"));

        var same = await DecideAsync(runId, callId, new { decision = "approve", arguments = """{ "to": "dave" }""" });
        Assert.Equal(HttpStatusCode.OK, same.Status);
        await post.BecomesAsync(runId, "completed");
        Assert.Single(post.Post.LettersTo("dave"));
    }

    [Fact]
    public async Task Another_tenant_finds_no_such_run()
    {
        var (runId, callId) = await AskAsync("Write to erin.");
        using var executor = new HttpClient { BaseAddress = new Uri(post.Stack.Processes["executor-1"].Address) };
        executor.DefaultRequestHeaders.Add(InternalWire.KeyHeader, RunningStack.InternalKey);
        executor.DefaultRequestHeaders.Add(InternalWire.TenantHeader, "another");

        HttpResponseMessage[] answers =
        [
            await executor.PostAsJsonAsync($"/runs/{runId}/approvals/{callId}", new { approve = true }, TestContext.Current.CancellationToken),
            await executor.PostAsync($"/runs/{runId}/cancel", null, TestContext.Current.CancellationToken),
            await executor.GetAsync($"/runs/{runId}/frames", TestContext.Current.CancellationToken),
            await executor.GetAsync($"/runs/{runId}/explain", TestContext.Current.CancellationToken),
            await executor.GetAsync($"/runs/{runId}", TestContext.Current.CancellationToken),
        ];

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode));
        Assert.Equal("awaiting_approval", (await post.Stack.GetAsync($"/runs/{runId}"))["status"].GetString());
        Assert.Empty(post.Post.LettersTo("erin"));
    }

    [Fact]
    public async Task Without_a_word_in_time_the_call_counts_as_denied()
    {
        var (runId, _) = await AskAsync("Write to frank.", "impatient");

        var run = await post.BecomesAsync(runId, "completed");

        var decided = run["steps"].EnumerateArray().Single(step => step.GetProperty("type").GetString() == "approval_decided");
        Assert.Equal((false, "expired"), (decided.GetProperty("approved").GetBoolean(), decided.GetProperty("reason").GetString()));
        Assert.Empty(post.Post.LettersTo("frank"));
    }

    [Fact]
    public async Task While_one_run_waits_for_a_person_the_session_goes_on()
    {
        var waiting = await post.Stack.AskAsync("Write to grace.", session: "patient", agent: "careful");
        var next = await post.Stack.AskAsync("Hello.", session: "patient", agent: "careful");

        Assert.Equal((HttpStatusCode.Accepted, "You said: Hello."), (waiting.Status, next.Answer));
        await DecideAsync(waiting.RunId!, CallOf(waiting), new { decision = "approve" });
        await post.BecomesAsync(waiting.RunId!, "completed");
        var turns = (await post.Stack.GetAsync("/sessions/patient/turns"))["items"].EnumerateArray().Select(turn => turn.GetProperty("answer").GetString());
        Assert.Equal(["You said: Hello.", "Result: sent"], turns);
    }

    [Fact]
    public async Task A_run_that_waits_can_be_stopped()
    {
        var (runId, callId) = await AskAsync("Write to heidi.");

        var stopped = await post.SayAsync($"/runs/{runId}/cancel", new { });
        var late = await DecideAsync(runId, callId, new { decision = "approve" });

        Assert.Equal("cancelled", stopped["status"].GetString());
        Assert.Equal((HttpStatusCode.Conflict, "run_ended"), (late.Status, late["code"].GetString()));
        Assert.Empty(post.Post.LettersTo("heidi"));
    }

    private async Task<(string RunId, string CallId)> AskAsync(string question, string agent = "careful")
    {
        var waiting = await post.Stack.AskAsync(question, agent: agent);
        Assert.True(waiting.Status == HttpStatusCode.Accepted, waiting.Body.ToString());
        Assert.Equal("awaiting_approval", waiting["status"].GetString());
        return (waiting.RunId!, CallOf(waiting));
    }

    private static string CallOf(StackReply waiting)
    {
        JsonElement call = Assert.Single(waiting["approvals"].EnumerateArray());
        return call.GetProperty("call_id").GetString()!;
    }

    private Task<StackReply> DecideAsync(string runId, string callId, object word) => post.SayAsync($"/runs/{runId}/approvals/{callId}", word);
}
