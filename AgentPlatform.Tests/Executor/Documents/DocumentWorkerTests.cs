using AgentPlatform.Executor.Documents;
using AgentPlatform.Tests.Postgres;
using Xunit;

namespace AgentPlatform.Tests.Executor.Documents;

public sealed class DocumentWorkerTests(PostgresFixture postgres)
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=x;Database=x;Timeout=1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_is_found_soon_after_it_was_written()
    {
        await using var bench = new DocumentBench(await postgres.CreateDatabaseAsync(Cancellation));
        bench.State.IsComplete = false;
        using var worker = bench.NewWorker();
        await worker.StartAsync(Cancellation);
        await Until.TrueAsync(() => bench.State.IsComplete, "the first pass is done", Cancellation);

        bench.Write("new.md", "Hold the red button.");
        await Until.TrueAsync(async () => (await bench.FindAsync("red button")).Count == 1, "the new file is found", Cancellation);
        await worker.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Without_a_database_the_start_is_not_delayed_and_nothing_breaks()
    {
        await using var bench = new DocumentBench(Nowhere);
        bench.State.IsComplete = false;
        using var worker = bench.NewWorker();

        await worker.StartAsync(Cancellation);

        Assert.False(worker.ExecuteTask!.IsCompleted);
        await worker.StopAsync(Cancellation);
        Assert.True(worker.ExecuteTask.IsCanceled);
        Assert.False(bench.State.IsComplete);
    }

    [Fact]
    public void The_platforms_documents_are_there_without_configuration()
    {
        var folder = new DocumentOptions().Folders[DocumentOptions.Platform];

        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, folder, "README.md")));
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, folder, "docs/zh/configuration.md")));
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, folder, "docs/decisions/0002-effects-decide.md")));
    }
}
