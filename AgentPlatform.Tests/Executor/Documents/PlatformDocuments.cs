using AgentPlatform.Executor.Documents;
using AgentPlatform.Tests.Postgres;
using Xunit;

namespace AgentPlatform.Tests.Executor.Documents;

/// <summary>The platform's own documentation, as it ships, indexed once.</summary>
public sealed class PlatformDocuments(PostgresFixture postgres) : IAsyncLifetime
{
    internal DocumentBench Bench { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var root = Path.Combine(AppContext.BaseDirectory, "documents", "platform");
        Bench = new DocumentBench(
            await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken),
            options =>
            {
                options.Folders.Clear();
                options.Folders[DocumentOptions.Platform] = root;
            },
            root,
            new DocumentOptions().MaxFileBytes);
        await Bench.NewIndexer().RunAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Bench.DisposeAsync();
}
