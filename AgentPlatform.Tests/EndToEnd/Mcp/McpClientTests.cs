using System.Collections.Concurrent;
using System.Net;
using AgentPlatform.Tests.Api.Mcp;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Stack;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Mcp;

/// <summary>The official .NET client against the stack.</summary>
[Collection(SharedModelStack.Name)]
public sealed class McpClientTests(ModelStack shared)
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

    [Theory]
    [InlineData(McpConnection.WithHandshake)]
    [InlineData(McpConnection.WithoutHandshake)]
    public async Task A_cancelled_call_is_a_cancelled_run(string revision)
    {
        var question = $"Think for ever in revision {revision}.";
        var never = new TaskCompletionSource();
        shared.When(question, _ => FakeReply.Answer("Never said.") with { HeldBack = never.Task });
        await using var client = await ConnectAsync(revision);
        using var cancelling = new CancellationTokenSource();
        var call = client.AskAsync("default", new { question, timeout = 60 }, cancellationToken: cancelling.Token).AsTask();
        await Eventually.TrueAsync(() => shared.RequestsFor(question).Count > 0, () => "the model was never asked");

        await cancelling.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        StackReply? runs = null;
        await Eventually.TrueAsync(
            async () => (runs = await shared.Stack.GetAsync("/runs?agent=default&status=cancelled"))["items"].EnumerateArray()
                .Any(run => run.GetProperty("question").GetString() == question),
            () => $"{runs?.Body}");
        var runId = runs!["items"].EnumerateArray().First(run => run.GetProperty("question").GetString() == question).GetProperty("run_id").GetString();
        Assert.Equal("requested", (await shared.Stack.GetAsync($"/runs/{runId}"))["steps"].EnumerateArray().Last().GetProperty("cause").GetString());
        never.SetResult();
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

    private Task<McpClient> ConnectAsync(string revision) => McpConnection.ConnectAsync(shared.Stack.Http.BaseAddress!, revision);
}
