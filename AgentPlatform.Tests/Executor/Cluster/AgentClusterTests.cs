using System.Diagnostics;
using AgentPlatform.Tests.Postgres;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Cluster;

public sealed class AgentClusterTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_silos_find_each_other_a_killed_one_is_dropped_and_its_successor_joins()
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation);
        await using var first = await SiloUnderTest.StartAsync(connectionString, Cancellation);
        await using var second = await SiloUnderTest.StartAsync(connectionString, Cancellation);
        await SeesAsync(first, first, second);
        await SeesAsync(second, first, second);

        var killed = Stopwatch.StartNew();
        await second.KillAsync();
        await SeesAsync(first, first);
        TestContext.Current.TestOutputHelper?.WriteLine($"Dropped {killed.ElapsedMilliseconds} ms after the kill.");

        await using var third = await SiloUnderTest.StartAsync(connectionString, Cancellation);
        await SeesAsync(first, first, third);
        await SeesAsync(third, first, third);
        Assert.Empty(first.Deaths);
    }

    [Fact]
    public async Task After_the_only_silo_was_killed_the_next_one_starts_without_waiting_long()
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation);
        await using var first = await SiloUnderTest.StartAsync(connectionString, Cancellation);
        await first.KillAsync();

        var starting = Stopwatch.StartNew();
        await using var second = await SiloUnderTest.StartAsync(connectionString, Cancellation);

        TestContext.Current.TestOutputHelper?.WriteLine($"Started {starting.ElapsedMilliseconds} ms after the kill.");
        await SeesAsync(second, second);
    }

    [Fact]
    public async Task A_silo_that_is_declared_dead_or_finds_its_row_gone_ends()
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation);
        await using var declared = await SiloUnderTest.StartAsync(connectionString, Cancellation);
        await using var forgotten = await SiloUnderTest.StartAsync(connectionString, Cancellation);
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Cancellation);

        await ExecuteAsync($"UPDATE cluster_silos SET status = 'Dead' WHERE silo = '{declared.Address.ToParsableString()}'; UPDATE cluster_version SET version = version + 1");
        await Until.TrueAsync(() => !declared.Deaths.IsEmpty, "the silo declared dead ends", Cancellation);

        await ExecuteAsync($"DELETE FROM cluster_silos WHERE silo = '{forgotten.Address.ToParsableString()}'");
        await Until.TrueAsync(() => !forgotten.Deaths.IsEmpty, "the forgotten silo ends", Cancellation);

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }

    [Fact]
    public async Task A_cluster_survives_a_restart_of_Postgres()
    {
        await using var server = await PostgresServer.StartNewAsync(Cancellation);
        var connectionString = server.ConnectionString("agentdb");
        await using var first = await SiloUnderTest.StartAsync(connectionString, Cancellation);
        await using var second = await SiloUnderTest.StartAsync(connectionString, Cancellation);
        await SeesAsync(first, first, second);

        await server.KillAsync();
        await server.StartAsync(Cancellation);
        await using var third = await SiloUnderTest.StartAsync(connectionString, Cancellation);

        await SeesAsync(first, first, second, third);
        await SeesAsync(third, first, second, third);
        Assert.Empty(first.Deaths);
        Assert.Empty(second.Deaths);
    }

    [Fact]
    public async Task An_orderly_stop_leaves_the_cluster_at_once()
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation);
        await using var first = await SiloUnderTest.StartAsync(connectionString, Cancellation);
        await using var second = await SiloUnderTest.StartAsync(connectionString, Cancellation);
        await SeesAsync(first, first, second);

        await second.StopAsync(Cancellation);

        var members = await first.Table.ReadAllAsync(Cancellation);
        Assert.Equal(SiloStatus.Dead, Assert.Single(members.Members, member => member.Item1.SiloAddress.Equals(second.Address)).Item1.Status);
    }

    private static async Task SeesAsync(SiloUnderTest observer, params SiloUnderTest[] expected)
    {
        var addresses = expected.Select(silo => silo.Address).Order().ToArray();
        SiloAddress[] seen = [];
        await Until.TrueAsync(
            async () =>
            {
                try
                {
                    return (seen = await observer.ActiveAsync()).SequenceEqual(addresses);
                }
                catch (NpgsqlException)
                {
                    // The answer reads the table, which is away for a moment in some tests.
                    return false;
                }
            },
            $"{observer.Address} sees {addresses.Length} silos",
            Cancellation,
            () => $"It sees {string.Join(", ", seen.AsEnumerable())}.");
    }
}
