using System.Text.Json;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>What somebody tries first, without a model of their own: the questions of the README.</summary>
public sealed class FirstQuestionsTests(BuiltinStack fixture) : IClassFixture<BuiltinStack>
{
    private const string Remembered = "What is my name?";

    [Fact]
    public async Task The_sum_is_calculated_once_and_then_comes_from_the_cache()
    {
        const string question = "What is 17% of 2340, plus 3^4?";

        var first = await fixture.Stack.AskAsync(question);
        var again = await fixture.Stack.AskAsync(question);

        Assert.Contains("478.8", first.Answer, StringComparison.Ordinal);
        Assert.Equal((1, false, "builtin"), (first.Iterations, first.Cached, first["model"].GetString()));
        Assert.Equal((first.Answer, 0, true, null), (again.Answer, again.Iterations, again.Cached, again.RunId));
        Assert.Equal(first.RunId, again["cache"].GetProperty("source_run_id").GetString());
        var run = await fixture.Stack.GetAsync($"/runs/{first.RunId}");
        Assert.Equal("completed", run["status"].GetString());
        Assert.Contains(run["steps"].EnumerateArray(), step => step.TryGetProperty("tool", out var tool) && tool.GetString() == "calculator");
    }

    [Theory]
    [InlineData("How do I configure a fallback model?", "According to docs/operations.md:")]
    [InlineData("如何配置备用模型？", "根据《docs/zh/configuration.md:")]
    public async Task Questions_about_the_platform_are_answered_from_its_documents_with_the_source(string question, string source)
    {
        StackReply? reply = null;
        await Eventually.TrueAsync(
            async () => (reply = await fixture.Stack.AskAsync(question)).Answer.StartsWith(source, StringComparison.Ordinal),
            () => $"the documents are indexed: {reply?.Body}");

        Assert.Contains("fallback_models: [second]", reply!.Answer, StringComparison.Ordinal);
        Assert.Equal((1, false, "builtin", "effects"), (reply.Iterations, reply.Cached, reply["model"].GetString(), reply["cache"].GetProperty("decision").GetString()));
    }

    [Fact]
    public async Task A_session_remembers_after_everything_was_stopped_and_started_again()
    {
        await InFullAsync("My name is Ada.", session: "ada");
        var before = await InFullAsync(Remembered, session: "ada");

        Assert.Equal(0, await fixture.RestartAsync(Signals.Interrupt));
        var after = await InFullAsync($"{Remembered} Say it again.", session: "ada");

        Assert.Contains("Ada", before.Answer, StringComparison.Ordinal);
        Assert.True(after.Answer.Contains("Ada", StringComparison.Ordinal), after.Body.ToString());
        Assert.Equal(3, (await fixture.Stack.GetAsync("/sessions/ada"))["turns"].GetInt32());
    }

    [Fact]
    public async Task An_AppHost_that_is_killed_takes_its_children_along_and_the_next_one_goes_on_with_the_data()
    {
        await InFullAsync("My name is Alan.", session: "alan");

        await fixture.RestartAsync(Signals.Kill);
        var after = await InFullAsync(Remembered, session: "alan");

        Assert.True(after.Answer.Contains("Alan", StringComparison.Ordinal), after.Body.ToString());
        Assert.All(fixture.Stack.Processes.Values, process => Assert.Equal(0, process.Restarts));
    }

    [Fact]
    public async Task An_answer_of_one_conversation_is_not_given_in_another_that_went_differently()
    {
        await InFullAsync("My name is Grace.", session: "grace");
        await InFullAsync("My name is Edsger.", session: "edsger");

        var grace = await InFullAsync(Remembered, session: "grace");
        var edsger = await InFullAsync(Remembered, session: "edsger");
        var nobody = await InFullAsync(Remembered);

        Assert.Contains("Grace", grace.Answer, StringComparison.Ordinal);
        Assert.Contains("Edsger", edsger.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Grace", edsger.Answer + nobody.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Edsger", nobody.Answer, StringComparison.Ordinal);
        Assert.All([grace, edsger, nobody], reply => Assert.False(reply.Cached));
    }

    [Fact]
    public async Task A_hit_inside_a_session_is_a_turn_like_any_other()
    {
        const string question = "What is 2^20 - 1?";
        var first = await fixture.Stack.AskAsync(question, session: "turns-1");

        var hit = await fixture.Stack.AskAsync(question, session: "turns-2");

        Assert.Equal((first.Answer, true, 0, null), (hit.Answer, hit.Cached, hit.Iterations, hit.RunId));
        var turn = Assert.Single((await fixture.Stack.GetAsync("/sessions/turns-2/turns"))["items"].EnumerateArray());
        Assert.Equal(
            (1, question, first.Answer, JsonValueKind.True),
            (turn.GetProperty("turn").GetInt32(), turn.GetProperty("question").GetString(), turn.GetProperty("answer").GetString(), turn.GetProperty("cached").ValueKind));
    }

    [Fact]
    public async Task After_any_process_was_killed_the_next_questions_are_answered_in_full()
    {
        foreach (var (number, name) in fixture.Stack.Processes.Keys.Order().Index())
        {
            await fixture.Stack.KillAndAwaitReturnAsync(name);

            var sum = $"What is {number} + 100?";
            StackReply? reply = null;
            await Eventually.TrueAsync(
                async () => (reply = await fixture.Stack.AskAsync(sum, session: "killed")) is { Degraded: null },
                () => $"after {name} was killed: {reply?.Body}");
            Assert.Contains($"{number + 100}", reply!.Answer, StringComparison.Ordinal);
        }
    }

    /// <summary>A stack that says that it is ready answers the first question too, by the agent itself.</summary>
    private async Task<StackReply> InFullAsync(string question, string? session = null)
    {
        var reply = await fixture.Stack.AskAsync(question, session: session);
        Assert.True(reply.Degraded is null, reply.Body.ToString());
        return reply;
    }
}
