using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Tools.Mcp;
using AgentPlatform.Executor.Tools.Pins;
using AgentPlatform.Tests.Node;
using AgentPlatform.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.Mcp;

/// <summary>Tools that change on their server.</summary>
public sealed class ToolPinTests(NodePackages node, PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_changed_tool_that_reads_is_taken_and_one_that_writes_waits_for_a_persons_word()
    {
        var database = await postgres.CreateDatabaseAsync(Token);
        var settings = await McpBench.ScriptAsync(node, "shifting", McpBench.Shifting, null, ("TrustAnnotations", "true"));
        await using var bench = await McpBench.StartAsync(database, settings);
        var version = bench.Catalogue.Generation;
        await bench.ToolAsync("shifting__transfer");

        await bench.CallAsync("shifting__shift");

        Assert.Equal("here", (await bench.CallAsync("shifting__added")).Text);
        await bench.GoneAsync("shifting__transfer");
        Assert.True(bench.Catalogue.Generation > version);
        Assert.Equal("12", (await bench.CallAsync("shifting__balance", """{"amount":1,"account":"a"}""")).Text);
        var (tools, missing) = bench.Catalogue.Resolve(["shifting__*"]);
        Assert.DoesNotContain(tools, tool => tool.Name == "shifting__transfer");
        Assert.Equal(["shifting__transfer"], missing);

        // Another executor, which never saw it as it was.
        await using var other = await McpBench.StartAsync(
            database, await McpBench.ScriptAsync(node, "shifting", McpBench.Shifting, null, ("TrustAnnotations", "true"), ("Environment:SCHEMA", "2")));
        var pending = Assert.Single(other.Servers.View(), tool => tool.Status == ToolStatus.Pending);
        Assert.Equal("shifting__transfer", pending.Name);

        var pins = bench.Services.GetRequiredService<ToolPins>();
        Assert.Null(await pins.AcceptAsync("shifting__nothing", pending.Hash!, Token));
        Assert.False(await pins.AcceptAsync("shifting__transfer", "another", Token));
        Assert.True(await pins.AcceptAsync("shifting__transfer", pending.Hash!, Token));
        Assert.True(await pins.AcceptAsync("shifting__transfer", pending.Hash!, Token));

        Assert.Equal("moved", (await bench.CallAsync("shifting__transfer", """{"amount":1,"account":"a"}""")).Text);
        await other.ToolAsync("shifting__transfer");
    }

    [Fact]
    public void Two_tools_that_would_have_one_name_are_both_left_out_by_name()
    {
        var server = new McpServerDefinition { Name = "s" };
        var tools = McpToolList.Read(
            server,
            [
                new() { Name = "read.file" }, new() { Name = "read file" }, new() { Name = "fine" },
                new() { Name = new string('x', 100) }, new() { Name = new string('x', 101) },
            ],
            out var left);

        Assert.Equal(["s__fine"], tools.Select(tool => tool.Name).Where(name => name.Length < 10));
        Assert.All(tools, tool => Assert.True(AgentPlatform.Executor.Tools.ToolCatalogue.IsName(tool.Name)));
        Assert.Equal(3, tools.Count);
        Assert.Equal(["read.file", "read file"], left.Select(tool => tool.Tool));
        Assert.All(left, tool => Assert.Equal("'read.file' and 'read file' would both be called 's__read_file'", tool.Reason));
    }
}
