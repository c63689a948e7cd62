using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Agents.Files;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Postgres;
using Xunit;

namespace AgentPlatform.Tests.Executor.Agents;

public sealed class AgentVersionStoreTests(PostgresFixture postgres) : IDisposable
{
    private readonly AgentBench _bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_version_is_stored_once_and_reads_back_the_same()
    {
        await using var database = new ApplicationDataSource(await postgres.CreateDatabaseAsync(Cancellation), new StorageOptions());
        var store = new AgentVersionStore(database);
        var agents = AgentFiles.Parse(
            "agents",
            [
                new AgentFile("agents/a.yaml", AgentBench.Minimal("a", "response_schema: { type: object, properties: { zz: {type: number}, a: {type: 'null'} } }")),
                new AgentFile("agents/b.yaml", AgentBench.Minimal("b", "limits: { max_cost_usd: 0.10 }")),
            ],
            ["clock"],
            ["default"]);

        await store.SaveAsync(agents, DateTimeOffset.UnixEpoch, Cancellation);
        await store.SaveAsync(agents, DateTimeOffset.UnixEpoch.AddDays(1), Cancellation);

        await using var count = database.For(AgentVersionEntity.PlatformTenant).CreateCommand("SELECT count(*) FROM agent_versions WHERE tenant_id = 'platform' AND created_at = 'epoch'");
        Assert.Equal(2L, await count.ExecuteScalarAsync(Cancellation));
        foreach (var agent in agents)
        {
            var loaded = await store.LoadAsync(agent.Name, agent.Version, Cancellation);
            Assert.Equal(AgentVersion.Write(agent), AgentVersion.Write(loaded!));
            Assert.Equal(agent.Version, AgentVersion.Stamp(loaded!).Version);
        }

        Assert.Null(await store.LoadAsync("a", "0000000000000000", Cancellation));
    }

    [Fact]
    public async Task Versions_are_stored_as_soon_as_the_database_takes_them()
    {
        var connection = await postgres.CreateDatabaseAsync(Cancellation, migrated: false);
        await using var database = new ApplicationDataSource(connection, new StorageOptions());
        var store = new AgentVersionStore(database);
        _bench.Write("a.yaml", AgentBench.Minimal("a"));
        var catalogue = _bench.Catalogue();
        var log = new CapturedLog<AgentVersionRecorder>();
        using var recorder = new AgentVersionRecorder(new Lazy<AgentCatalogue>(catalogue), store, TimeProvider.System, log);
        await recorder.StartAsync(Cancellation);
        await Until.TrueAsync(() => !log.Lines.IsEmpty, "the missing table is logged", Cancellation);

        await PostgresFixture.MigrateAsync(connection, Cancellation);
        await IsStoredAsync(store, catalogue.Find("a")!);
        _bench.Write("a.yaml", AgentBench.Minimal("a", "max_tokens: 5"));
        catalogue.Reload();
        await IsStoredAsync(store, catalogue.Find("a")!);

        Assert.Single(log.Lines);
        await recorder.StopAsync(Cancellation);
    }

    private static Task IsStoredAsync(AgentVersionStore store, AgentDefinition agent) => Until.TrueAsync(
        async () => await store.LoadAsync(agent.Name, agent.Version, Cancellation) is not null, $"{agent.Name} {agent.Version} is stored", Cancellation);
}
