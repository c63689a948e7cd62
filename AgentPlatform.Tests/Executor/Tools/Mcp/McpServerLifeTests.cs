using AgentPlatform.Tests.Node;
using AgentPlatform.Tests.Postgres;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.Mcp;

/// <summary>Servers that die, come late, come back.</summary>
public sealed class McpServerLifeTests(NodePackages node, PostgresFixture postgres)
{
    private static readonly (string, string) Trusted = ("TrustAnnotations", "true");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_killed_in_the_middle_of_calls_is_told_of_as_their_effects_demand_and_comes_back()
    {
        await using var bench = await McpBench.StartAsync(
            await postgres.CreateDatabaseAsync(Token), await McpBench.ScriptAsync(node, "shifting", McpBench.Shifting, null, Trusted));
        var process = bench.Servers.Find("shifting")!.ProcessId!.Value;
        var reading = bench.CallAsync("shifting__hang");
        var writing = bench.CallAsync("shifting__hang_writing");
        // Both are on their way when a later call has its answer.
        await bench.CallAsync("shifting__balance", """{"amount":1}""");

        Assert.True(Signals.Send(process, Signals.Kill));

        Assert.Equal((ToolErrorKind.Failed, ToolErrorKind.OutcomeUnknown), ((await reading).Error, (await writing).Error));
        await Until.TrueAsync(() => bench.Servers.Find("shifting")!.ProcessId is { } next && next != process, "there is a new one", Token);
        Assert.Equal("12", (await bench.CallAsync("shifting__balance", """{"amount":1}""")).Text);
    }

    [Fact]
    public async Task A_server_that_is_not_there_takes_its_tools_and_nothing_else()
    {
        await using var bench = await McpBench.StartAsync(
            await postgres.CreateDatabaseAsync(Token),
            [[new("Tools:Mcp:Servers:gone:Command", "/nowhere/no-such-server"), new("Tools:Mcp:Servers:deaf:Url", "http://127.0.0.1:1/mcp")]]);

        var (tools, missing) = bench.Catalogue.Resolve(["calculator", "gone__*", "deaf__echo"]);

        Assert.Equal(["calculator"], tools.Select(tool => tool.Name));
        Assert.Equal(["gone__*", "deaf__echo"], missing);
        Assert.Equal("deaf__* Unavailable Write; gone__* Unavailable Write", bench.Status());
    }

    [Fact]
    public async Task An_HTTP_server_may_come_late_and_lose_its_sessions_and_is_found_again()
    {
        var port = FreePort();
        await using var bench = await McpBench.StartAsync(
            await postgres.CreateDatabaseAsync(Token), [[new("Tools:Mcp:Servers:everything:Url", $"http://127.0.0.1:{port}/mcp"), new("Tools:Mcp:RefreshEvery", "00:00:01")]]);
        Assert.Null(bench.Catalogue.Find("everything__echo"));

        await WithServerAsync(port, async () => Assert.Equal("Echo: one", (await bench.CallAsync("everything__echo", """{"message":"one"}""")).Text));
        await bench.GoneAsync("everything__echo");
        await WithServerAsync(port, async () => Assert.Equal("Echo: two", (await bench.CallAsync("everything__echo", """{"message":"two"}""")).Text));
    }

    [Fact]
    public async Task A_server_that_is_not_declared_any_more_ends_with_all_it_started()
    {
        await using var bench = await McpBench.StartAsync(await postgres.CreateDatabaseAsync(Token));
        using var script = await node.ProcessAsync(McpBench.Shifting);
        var declared = new AgentPlatform.Executor.Tools.Mcp.McpServerDefinition
        {
            Name = "own",
            Command = "/bin/sh",
            // A shell that stays between us and the server, as package runners do.
            Arguments = ["-c", "\"$@\"; true", "runner", script.StartInfo.FileName, .. script.StartInfo.ArgumentList],
        };
        bench.Servers.Apply([declared]);
        await bench.ToolAsync("own__balance");
        var processes = ProcessTree.Of(bench.Servers.Find("own")!.ProcessId!.Value);
        Assert.Equal(2, processes.Count);

        bench.Servers.Apply([]);

        Assert.Null(bench.Catalogue.Find("own__balance"));
        await Until.TrueAsync(() => processes.All(id => !Directory.Exists($"/proc/{id}")), "both are gone", Token);
    }

    private async Task WithServerAsync(int port, Func<Task> use)
    {
        using var server = await node.ProcessAsync(McpBench.Everything, "streamableHttp");
        server.StartInfo.Environment["PORT"] = $"{port}";
        server.Start();
        try
        {
            await use();
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(Token);
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
