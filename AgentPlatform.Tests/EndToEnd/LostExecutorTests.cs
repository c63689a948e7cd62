using System.Net;
using AgentPlatform.Tests.EndToEnd.OpenAI;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>An executor is killed with a run at work: the same request still gets the run's answer.</summary>
[Collection(SharedOpenAIStack.Name)]
public sealed class LostExecutorTests(OpenAIStack fixture)
{
    private const string Question = "What takes long?";

    [Fact]
    public async Task The_only_executor_is_started_again_and_goes_on_with_the_run()
    {
        var stack = fixture.Stack;
        // The second call of the model never ends; with it the executor is killed. Whoever asks after that is answered.
        var calls = 0;
        fixture.When(Question, request => (request.RoundsSinceQuestion, Interlocked.Increment(ref calls)) switch
        {
            (0, _) => FakeReply.Call("calculator", """{"expression":"20+1"}"""),
            (_, <= 2) => FakeReply.Stalls(FakeStall.BeforeHeaders),
            _ => FakeReply.Answer($"It is {request.LastToolResult}."),
        });

        var asked = stack.AskAsync(Question, session: "lost", timeout: 60);
        await Eventually.TrueAsync(() => Volatile.Read(ref calls) == 2, () => $"the model was asked {calls} times");
        var children = ProcessTree.Of(stack.Processes["executor-1"].Pid!.Value).Skip(1).Where(IsNode).ToList();
        stack.Signal("executor-1", Signals.Kill);

        await IsFinishedAsync(stack, await asked);
        fixture.When("And again?", _ => FakeReply.Answer("It is still 21."));
        Assert.Equal("It is still 21.", (await stack.AskAsync("And again?", session: "lost")).Answer);
        Assert.Single(children);
        await Eventually.TrueAsync(() => children.All(child => !IsNode(child)), () => "the MCP server outlived its executor");
    }

    private static async Task IsFinishedAsync(RunningStack stack, StackReply reply)
    {
        Assert.True(
            reply.Status == HttpStatusCode.OK && (reply.Answer, reply.Iterations, reply.Degraded) is ("It is 21.", 1, "retried/executor_unavailable"),
            $"{reply.Body}{Environment.NewLine}{string.Join(Environment.NewLine, stack.Processes.Keys.Where(IsExecutor).Select(stack.LogText))}");
        var run = await stack.GetAsync($"/runs/{reply.RunId}");
        var steps = run["steps"].EnumerateArray().Select(step => step.GetProperty("type").GetString()).ToArray();
        Assert.Equal("completed", run["status"].GetString());
        Assert.Equal(("run_started", "run_completed"), (steps[0], steps[^1]));
        Assert.Equal((1, 2), (steps.Count(step => step == "run_resumed"), steps.Count(step => step == "model_replied")));
        await Eventually.TrueAsync(
            async () => (await Task.WhenAll(stack.Processes.Values
                .Where(process => IsExecutor(process.Name) && process.State == "ready")
                .Select(process => stack.ScrapeAsync(process.Name)))).All(metrics => metrics.Samples.GetValueOrDefault("agent_orphaned_runs") == 0),
            () => "runs are still said to be orphaned");
    }

    private static bool IsNode(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/comm").Trim() is "node" or "MainThread";
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsExecutor(string process) => process.StartsWith("executor", StringComparison.Ordinal);
}
