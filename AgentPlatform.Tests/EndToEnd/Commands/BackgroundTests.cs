using System.Net;
using System.Text.Json;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Commands;

/// <summary>Runs that nobody waits for, one at a time per executor here.</summary>
[Collection(PostOfficeTests.Name)]
public sealed class BackgroundTests(PostStack post)
{
    [Fact]
    public async Task Accepted_runs_of_a_session_are_answered_in_their_order_and_know_what_came_before()
    {
        var runs = new List<string>();
        for (var number = 1; number <= 4; number++)
        {
            runs.Add(await post.StartAsync($"Message {number}", session: "in-order"));
        }

        foreach (var runId in runs)
        {
            await post.BecomesAsync(runId, "completed");
        }

        var turns = (await post.Stack.GetAsync("/sessions/in-order/turns"))["items"].EnumerateArray().Reverse().ToArray();
        Assert.Equal(runs, turns.Select(turn => turn.GetProperty("run_id").GetString()));
        Assert.Equal([1, 2, 3, 4], turns.Select(turn => turn.GetProperty("turn").GetInt32()));
    }

    [Fact]
    public async Task What_waits_at_a_killed_executor_goes_on_at_another()
    {
        var runs = new List<string>();
        for (var number = 1; number <= 12; number++)
        {
            runs.Add(await post.StartAsync($"Write to queue-{number}."));
        }

        await post.Stack.KillAndAwaitReturnAsync("executor-2");

        foreach (var (number, runId) in runs.Index())
        {
            StackReply? run = null;
            await Eventually.TrueAsync(
                async () => (run = await post.Stack.GetAsync($"/runs/{runId}")) is { Status: HttpStatusCode.OK } && run["status"].GetString() is "completed" or "outcome_unknown",
                () => $"{run?.Body}");
            Assert.InRange(post.Post.LettersTo($"queue-{number + 1}").Count, run!["status"].GetString() == "completed" ? 1 : 0, 1);
        }
    }

    [Fact]
    public async Task Where_the_time_went_adds_up_to_all_of_it()
    {
        var runId = await post.StartAsync("Write to lena.");
        await post.BecomesAsync(runId, "completed");

        var explained = await post.Stack.GetAsync($"/runs/{runId}/explain");

        var total = explained["total_ms"].GetInt64();
        var parts = explained["parts"].EnumerateObject().ToDictionary(part => part.Name, part => part.Value.GetInt64());
        Assert.InRange(Math.Abs(total - parts.Values.Sum()), 0, Math.Max(5, total / 50));
        Assert.All(parts, part => Assert.True(part.Value >= 0, $"{part.Key} is {part.Value}"));
        Assert.Equal(["model", "tool", "model"], explained["steps"].EnumerateArray().Select(step => step.GetProperty("kind").GetString()));
        Assert.Equal("effects", explained["cache"].GetProperty("decision").GetString());
        Assert.NotEmpty(explained["executors"].EnumerateArray());
    }

    [Fact]
    public async Task Watching_an_ended_run_gives_every_step_once_and_then_its_end()
    {
        var runId = await post.StartAsync("Write to kim.");
        await post.BecomesAsync(runId, "completed");
        using var executor = new HttpClient { BaseAddress = new Uri(post.Stack.Processes["executor-1"].Address) };
        executor.DefaultRequestHeaders.Add(AgentPlatform.Core.Wire.InternalWire.KeyHeader, RunningStack.InternalKey);
        executor.DefaultRequestHeaders.Add(AgentPlatform.Core.Wire.InternalWire.TenantHeader, AgentPlatform.Core.Wire.InternalWire.LocalTenant);

        var all = await FramesAsync("");
        var rest = await FramesAsync("?after=3.0");

        Assert.Equal(["run_started", "run_resumed", "model_replied", "tool_started", "tool_returned", "delta", "model_replied", "run_completed", "outcome"], all);
        Assert.Equal(all[3..], rest);

        async Task<string[]> FramesAsync(string query) =>
            [.. (await executor.GetStringAsync($"/runs/{runId}/frames{query}", TestContext.Current.CancellationToken))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement.EnumerateObject().Single())
                .Select(frame => frame.Name == "event" ? frame.Value.GetProperty("type").GetString()! : frame.Name)];
    }
}
