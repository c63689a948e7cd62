using System.Collections.Concurrent;
using System.Net;
using AgentPlatform.Tests.Api.Mcp;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Node;
using AgentPlatform.Tests.Stack;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Mcp;

/// <summary>The official .NET client against the stack, and the TypeScript client where it does otherwise.</summary>
[Collection(SharedModelStack.Name)]
public sealed class McpClientTests(ModelStack shared, NodePackages node)
{
    [Theory]
    [InlineData(McpConnection.WithHandshake)]
    [InlineData(McpConnection.WithoutHandshake)]
    public async Task Who_waits_is_told_what_happens(string revision)
    {
        var question = $"What is 6 * 7 in revision {revision}?";
        shared.When(question, FakeReply.Rounds(1, "calculator", """{"expression":"6*7"}""", "It is 42, says the calculator."));
        await using var client = await ConnectAsync(revision);
        var told = new ConcurrentQueue<ProgressNotificationValue>();

        var result = await client.AskAsync("default", new { question }, told.Enqueue);
        var again = await client.AskAsync("default", new { question });

        // The client hands notifications on as fast as it can, not in their order.
        var progress = told.OrderBy(step => step.Progress).ToList();
        Assert.Equal("It is 42, says the calculator.", result.Text());
        Assert.Equal(
            ["default begins.", "Calling calculator.", "calculator answered.", "The reply is being written."],
            progress.Select(step => step.Message!).Distinct());
        Assert.Equal(Enumerable.Range(1, progress.Count).Select(n => (float)n), progress.Select(step => step.Progress));
        Assert.True((bool)again.Meta!["cached"]!);
        Assert.Equal(result.Text(), again.Text());
    }

    [Fact]
    public async Task A_cancelled_call_is_a_cancelled_run()
    {
        const string question = "Think for ever, .NET client.";
        using var cancelling = new CancellationTokenSource();
        await IsCancelledAsync(question, async () =>
        {
            await using var client = await ConnectAsync(McpConnection.WithoutHandshake);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.AskAsync(
                "default", new { question, timeout = 60 }, _ => cancelling.Cancel(), cancelling.Token).AsTask());
        });
    }

    [Fact]
    public async Task A_call_that_the_TypeScript_client_cancels_is_a_cancelled_run()
    {
        const string question = "Think for ever, TypeScript client.";
        await IsCancelledAsync(question, async () =>
        {
            var run = await node.RunAsync(
                "mcp-cancel.mjs", [$"{shared.Stack.Http.BaseAddress}mcp", question], new Dictionary<string, string>(), TestContext.Current.CancellationToken);
            Assert.True(run.ExitCode == 0, $"{run.Output}{run.Errors}");
        });
    }

    [Fact]
    public async Task A_conversation_is_a_resource()
    {
        shared.When("My name is Ada, by MCP.", _ => FakeReply.Answer("Hello Ada."));
        await using var client = await ConnectAsync(McpConnection.WithoutHandshake);
        await client.AskAsync("default", new { question = "My name is Ada, by MCP.", session_id = "mcp:ada" });

        var listed = await client.ListResourcesAsync(cancellationToken: TestContext.Current.CancellationToken);
        var read = await client.ReadResourceAsync(
            Assert.Single(listed, resource => resource.Name == "mcp:ada").Uri, cancellationToken: TestContext.Current.CancellationToken);

        Assert.EndsWith(
            ", default\n\n**Question:** My name is Ada, by MCP.\n\n**Answer:** Hello Ada.\n", Assert.IsType<TextResourceContents>(Assert.Single(read.Contents)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_agent_is_a_new_tool_and_waits_for_a_person_where_it_must()
    {
        const string question = "Calculate only when allowed.";
        shared.When(question, FakeReply.Rounds(1, "calculator", """{"expression":"1+1"}""", "Allowed: 2."));
        await using var client = await ConnectAsync(McpConnection.WithHandshake);
        Assert.DoesNotContain("asks-first", await NamesAsync());

        shared.WriteAgent("asks-first", "tools: [calculator]\napproval: { tools: [calculator] }");
        await Eventually.TrueAsync(async () => (await NamesAsync()).Contains("asks-first"), () => "the new agent is not listed");
        var result = await client.AskAsync("asks-first", new { question });

        Assert.True(result.IsError);
        var waiting = result.Meta!["awaiting_approval"]!;
        var (run, call) = ((string?)waiting["run_id"], (string?)waiting["approvals"]![0]!["call_id"]);
        using var decision = new StringContent("""{"decision":"approve"}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        Assert.Equal(HttpStatusCode.OK, (await shared.Stack.SendAsync(HttpMethod.Post, $"/runs/{run}/approvals/{call}", decision)).Status);
        await Eventually.TrueAsync(async () => (await shared.Stack.GetAsync($"/runs/{run}"))["answer"].GetString() == "Allowed: 2.", () => "the run did not go on");

        async Task<List<string>> NamesAsync() => [.. (await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.Name)];
    }

    /// <summary>Asks by a client that cancels, and finds the run stopped because somebody said so.</summary>
    private async Task IsCancelledAsync(string question, Func<Task> askAndCancel)
    {
        var never = new TaskCompletionSource();
        shared.When(question, _ => FakeReply.Answer("Never said.") with { HeldBack = never.Task });
        try
        {
            await askAndCancel();
            string? runId = null;
            await Eventually.TrueAsync(
                async () => (runId = (await shared.Stack.GetAsync("/runs?agent=default&status=cancelled"))["items"].EnumerateArray()
                    .Where(run => run.GetProperty("question").GetString() == question)
                    .Select(run => run.GetProperty("run_id").GetString())
                    .FirstOrDefault()) is not null,
                () => $"no run of '{question}' was cancelled");
            Assert.Equal("requested", (await shared.Stack.GetAsync($"/runs/{runId}"))["steps"].EnumerateArray().Last().GetProperty("cause").GetString());
        }
        finally
        {
            never.SetResult();
        }
    }

    private Task<McpClient> ConnectAsync(string revision) => McpConnection.ConnectAsync(shared.Stack.Http.BaseAddress!, revision);
}
