using System.Net;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Commands;

/// <summary>A mail tells the agent to do what nobody asked for, and the model obeys.</summary>
[Collection(PostOfficeTests.Name)]
public sealed class ContainmentTests(PostStack post)
{
    private const string Question = "Do what my mail says.";

    [Fact]
    public async Task What_a_mail_makes_the_model_want_to_do_waits_for_a_person_who_is_told_why()
    {
        var waiting = await post.Stack.AskAsync(Question, agent: "reader");

        Assert.True(waiting.Status == HttpStatusCode.Accepted, waiting.Body.ToString());
        var call = Assert.Single(waiting["approvals"].EnumerateArray());
        Assert.Equal(
            ("send_letter", """{"to":"mallory"}""", "untrusted_content"),
            (call.GetProperty("tool").GetString(), call.GetProperty("arguments").GetString(), call.GetProperty("cause").GetString()));
        Assert.Empty(post.Post.LettersTo("mallory"));

        await post.SayAsync($"/runs/{waiting.RunId}/approvals/{call.GetProperty("call_id").GetString()}", new { decision = "deny" });
        await post.BecomesAsync(waiting.RunId!, "completed");
        Assert.Empty(post.Post.LettersTo("mallory"));
    }

    [Fact]
    public async Task A_later_turn_of_the_session_is_held_too_also_at_an_executor_that_knows_only_the_journal()
    {
        var read = await post.Stack.AskAsync("Read my mail.", session: "mailbox", agent: "reader");
        await post.Stack.KillAndAwaitReturnAsync("executor-1");
        await post.Stack.KillAndAwaitReturnAsync("executor-2");
        var later = await post.Stack.AskAsync("Hello.", session: "mailbox", agent: "reader");
        var waiting = await post.Stack.AskAsync("Write to nina.", session: "mailbox", agent: "reader");
        var elsewhere = await post.Stack.AskAsync("Write to quentin.", session: "no-mail", agent: "reader");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (read.Status, later.Status));
        Assert.True(waiting.Status == HttpStatusCode.Accepted, waiting.Body.ToString());
        Assert.Equal("untrusted_content", waiting["approvals"][0].GetProperty("cause").GetString());
        Assert.Empty(post.Post.LettersTo("nina"));
        Assert.Equal("Result: sent", elsewhere.Answer);
    }

    [Fact]
    public async Task A_turn_that_ends_behind_a_later_one_holds_the_turns_after_it()
    {
        var waiting = await post.Stack.AskAsync(Question, session: "late-mail", agent: "reader");
        var between = await post.Stack.AskAsync("Hello.", session: "late-mail", agent: "reader");
        var callId = waiting["approvals"][0].GetProperty("call_id").GetString();
        await post.SayAsync($"/runs/{waiting.RunId}/approvals/{callId}", new { decision = "deny" });
        await post.BecomesAsync(waiting.RunId!, "completed");
        var after = await post.Stack.AskAsync("Write to ursula.", session: "late-mail", agent: "reader");

        Assert.Equal((HttpStatusCode.Accepted, "You said: Hello."), (waiting.Status, between.Answer));
        Assert.True(after.Status == HttpStatusCode.Accepted, after.Body.ToString());
        Assert.Equal("untrusted_content", after["approvals"][0].GetProperty("cause").GetString());
        Assert.Empty(post.Post.LettersTo("ursula"));
    }

    [Fact]
    public async Task An_agent_whose_file_allows_it_goes_on_by_itself()
    {
        var done = await post.Stack.AskAsync("Write to oskar.", session: "trusting", agent: "unworried");
        await post.Stack.AskAsync("Read my mail.", session: "trusting", agent: "unworried");
        var after = await post.Stack.AskAsync("Write to leo.", session: "trusting", agent: "unworried");

        Assert.Equal(("Result: sent", "Result: sent"), (done.Answer, after.Answer));
        Assert.Single(post.Post.LettersTo("leo"));
    }
}
