using System.Net;
using AgentPlatform.Tests.Executor.Tools.Mcp;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Node;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>An executor is killed with a run at work: the same request still gets the run's answer.</summary>
public sealed class LostExecutorTests(NodePackages node) : IAsyncLifetime
{
    private const string Question = "What takes long?";

    private FakeModelServer _model = null!;

    public async ValueTask InitializeAsync()
    {
        _model = await FakeModelServer.StartAsync(TestContext.Current.CancellationToken);
        // The second call of the model never ends; with it the executor is killed. Whoever asks after that is answered.
        _model.Always(request => request.RoundsSinceQuestion switch
        {
            0 => FakeReply.Call("calculator", """{"expression":"20+1"}"""),
            _ when _model.Count <= 2 => FakeReply.Stalls(FakeStall.BeforeHeaders),
            _ => FakeReply.Answer($"It is {request.LastToolResult}."),
        });
    }

    [Fact]
    public async Task The_only_executor_is_started_again_and_goes_on_with_the_run()
    {
        using var server = await node.ProcessAsync(McpBench.Shifting);
        await using var stack = await RunningStack.StartAsync(Settings(server.StartInfo.FileName, server.StartInfo.ArgumentList[0]));

        var asked = stack.AskAsync(Question, session: "lost", timeout: 60);
        await _model.WaitForRequestsAsync(2, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        var children = ProcessTree.Of(stack.Processes["executor-1"].Pid!.Value).Skip(1).Where(IsNode).ToList();
        stack.Signal("executor-1", Signals.Kill);

        await IsFinishedAsync(stack, await asked);
        Assert.Equal("It is 21.", (await stack.AskAsync("And again?", session: "lost")).Answer);
        Assert.Single(children);
        await Eventually.TrueAsync(() => children.All(child => !IsNode(child)), () => "the MCP server outlived its executor");
    }

    public ValueTask DisposeAsync() => _model.DisposeAsync();

    private StackSettings Settings(string command, string script) => new()
    {
        Environment = new Dictionary<string, string?>
        {
            ["OPENAI_BASE_URL"] = _model.BaseUrl,
            ["OPENAI_API_KEY"] = "key-of-the-test",
            ["Tools__Mcp__Servers__stubborn__Command"] = command,
            ["Tools__Mcp__Servers__stubborn__Arguments__0"] = script,
            // The promise of 5 s is measured elsewhere, on a machine that does nothing else.
            ["ExecutorClient__ReattachWithin"] = "00:00:45",
        },
    };

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
