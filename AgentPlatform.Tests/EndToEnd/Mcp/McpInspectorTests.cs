using System.Text.Json;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Node;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Mcp;

/// <summary>The official inspector on the command line, which is a TypeScript client.</summary>
[Collection(SharedModelStack.Name)]
public sealed class McpInspectorTests(ModelStack shared, NodePackages node)
{
    [Fact]
    public async Task The_inspector_lists_and_calls_an_agent()
    {
        const string question = "What does the inspector see?";
        shared.When(question, _ => FakeReply.Answer("An agent."));

        var both = await Task.WhenAll(
            InspectAsync("--method", "tools/list"),
            InspectAsync("--method", "tools/call", "--tool-name", "default", "--tool-arg", $"question={question}", "--tool-arg", "session_id=inspected"));

        Assert.Contains(both[0].GetProperty("tools").EnumerateArray(), tool => tool.GetProperty("name").GetString() == "strict-math");
        Assert.Equal("An agent.", both[1].GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("inspected", both[1].GetProperty("structuredContent").GetProperty("session_id").GetString());
    }

    private async Task<JsonElement> InspectAsync(params string[] request)
    {
        var run = await node.RunAsync(
            "node_modules/@modelcontextprotocol/inspector/cli/build/cli.js",
            ["--cli", $"{shared.Stack.Http.BaseAddress}mcp", "--transport", "http", .. request],
            new Dictionary<string, string>(),
            TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, $"{run.Output}{run.Errors}");
        return JsonElement.Parse(run.Output);
    }
}
