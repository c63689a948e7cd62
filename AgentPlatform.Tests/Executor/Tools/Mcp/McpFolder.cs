using AgentPlatform.Tests.Node;
using AgentPlatform.Tests.Postgres;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.Mcp;

/// <summary>Servers that the tests of one class share: the official ones over stdio, and one of ours that misbehaves.</summary>
public sealed class McpFolder(NodePackages node, PostgresFixture postgres) : IAsyncLifetime
{
    public const string Leak = "ConnectionStrings__mcp_test";

    internal McpBench Bench { get; private set; } = null!;

    public string Folder { get; } = Directory.CreateTempSubdirectory("mcp-files-").FullName;

    public async ValueTask InitializeAsync()
    {
        Environment.SetEnvironmentVariable(Leak, "Host=secret");
        var trusted = ("TrustAnnotations", "true");
        Bench = await McpBench.StartAsync(
            await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken),
            await McpBench.ScriptAsync(
                node, "everything", McpBench.Everything, ["stdio"], trusted, ("Environment:GREETING", "Hello {secret:who}"), ("DeadlineSeconds", "0.6")),
            await McpBench.ScriptAsync(node, "files", McpBench.Filesystem, [Folder], trusted, ("Effects:read_file", "pure")),
            await McpBench.ScriptAsync(node, "shifting", McpBench.Shifting, null, trusted, ("DeadlineSeconds", "0.6"), ("MaxResultLength", "1000")),
            await McpBench.ScriptAsync(node, "stranger", McpBench.Shifting, null, ("Effects:balance", "read")),
            [new("Tools:Secrets:who", "Ada")]);
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable(Leak, null);
        if (Bench is not null)
        {
            await Bench.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
