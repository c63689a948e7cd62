using AgentPlatform.Executor.Storage;
using AgentPlatform.Executor.Tools;
using AgentPlatform.Executor.Tools.Mcp;
using AgentPlatform.Tests.Node;
using AgentPlatform.Tests.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.Mcp;

/// <summary>An executor's tools, with the MCP servers of a configuration and a database of their own.</summary>
internal sealed class McpBench : IAsyncDisposable
{
    public const string Everything = "node_modules/@modelcontextprotocol/server-everything/dist/index.js";
    public const string Filesystem = "node_modules/@modelcontextprotocol/server-filesystem/dist/index.js";
    public const string Shifting = "shifting-server.mjs";

    private readonly ServiceProvider _services;

    private McpBench(ServiceProvider services)
    {
        _services = services;
        Catalogue = services.GetRequiredService<ToolCatalogue>();
        Servers = services.GetRequiredService<McpServers>();
    }

    public ToolCatalogue Catalogue { get; }

    public McpServers Servers { get; }

    public IServiceProvider Services => _services;

    /// <summary>Settings of a server that is a script of ours or of npm's.</summary>
    public static async Task<IEnumerable<KeyValuePair<string, string?>>> ScriptAsync(
        NodePackages node, string name, string script, string[]? arguments = null, params (string Key, string Value)[] settings)
    {
        using var prepared = await node.ProcessAsync(script, arguments ?? []);
        return
        [
            new($"{McpServersOptions.Section}:{name}:Command", prepared.StartInfo.FileName),
            .. prepared.StartInfo.ArgumentList.Select((argument, index) => KeyValuePair.Create($"{McpServersOptions.Section}:{name}:Arguments:{index}", (string?)argument)),
            .. settings.Select(setting => KeyValuePair.Create($"{McpServersOptions.Section}:{name}:{setting.Key}", (string?)setting.Value)),
        ];
    }

    /// <summary>Returns after the first look at each server.</summary>
    public static async Task<McpBench> StartAsync(string database, params IEnumerable<KeyValuePair<string, string?>>[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Tools:Mcp:StartWithin", "00:00:30"),
            new("Tools:Mcp:LongestPause", "00:00:00.500"),
            .. settings.SelectMany(some => some),
        ]).Build());
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new ApplicationDataSource(database, new StorageOptions()));
        services.AddLogging();
        services.AddTools();
        var bench = new McpBench(services.BuildServiceProvider());
        bench.Servers.Apply([]);
        await bench.Servers.FirstLookAsync(TestContext.Current.CancellationToken);
        return bench;
    }

    /// <summary>The tool, once it is there.</summary>
    public async Task<AgentTool> ToolAsync(string name)
    {
        await Until.TrueAsync(() => Catalogue.Find(name) is not null, $"{name} is there", TestContext.Current.CancellationToken, Status);
        return Catalogue.Find(name)!;
    }

    public Task GoneAsync(string name) =>
        Until.TrueAsync(() => Catalogue.Find(name) is null, $"{name} is gone", TestContext.Current.CancellationToken, Status);

    public async Task<ToolResult> CallAsync(string tool, string arguments = "{}", CancellationToken? cancellationToken = null) =>
        await _services.GetRequiredService<ToolInvoker>().InvokeAsync(
            await ToolAsync(tool), arguments, ToolBench.Call, cancellationToken ?? TestContext.Current.CancellationToken);

    public string Status() => string.Join("; ", Servers.View().Select(tool => $"{tool.Name} {tool.Status} {tool.Effect}"));

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
