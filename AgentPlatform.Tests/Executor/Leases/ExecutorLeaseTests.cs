using AgentPlatform.Tests.Postgres;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Leases;

public sealed class ExecutorLeaseTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lease_is_valid_only_for_its_duration_after_the_last_renewal()
    {
        var time = new FakeTimeProvider();
        await using var executor = new LeaseUnderTest(await postgres.CreateDatabaseAsync(Cancellation), time);
        Assert.False(executor.Lease.IsValid);
        await executor.Lease.StartAsync(Cancellation);
        await executor.Lease.WaitUntilValidAsync(Cancellation);
        Assert.True(executor.Lease.IsValid);
        Assert.False(executor.Lease.CanClaim);

        await executor.KillAsync();
        time.Advance(LeaseUnderTest.Duration);

        Assert.False(executor.Lease.IsValid);
    }

    [Fact]
    public async Task Claims_are_allowed_after_a_full_lease_of_being_connected()
    {
        await using var executor = await LeaseUnderTest.StartAsync(await postgres.CreateDatabaseAsync(Cancellation), Cancellation);
        Assert.False(executor.Lease.CanClaim);
        await Until.TrueAsync(() => executor.Lease.CanClaim, "claims are allowed", Cancellation);
        Assert.True(executor.Lease.IsValid);
        Assert.Equal(1, executor.Lease.Epoch);
    }

    [Fact]
    public async Task An_outage_ends_the_lease_and_after_it_the_lease_comes_back_under_the_next_epoch_before_any_claim()
    {
        await using var server = await PostgresServer.StartNewAsync(Cancellation);
        await PostgresFixture.MigrateAsync(server.ConnectionString("agentdb"), Cancellation);
        await using var executor = await LeaseUnderTest.StartAsync(server.ConnectionString("agentdb"), Cancellation);
        await Until.TrueAsync(() => executor.Lease.CanClaim, "claims are allowed", Cancellation);

        await server.StopAsync();
        await Until.TrueAsync(() => !executor.Lease.IsValid, "the lease lapses", Cancellation);
        await server.StartAsync(Cancellation);
        await executor.Lease.WaitUntilValidAsync(Cancellation);

        Assert.False(executor.Lease.CanClaim);
        Assert.Equal(2, executor.Lease.Epoch);
        await Until.TrueAsync(() => executor.Lease.CanClaim, "claims are allowed again", Cancellation);
    }

    [Fact]
    public async Task An_executor_starts_before_Postgres_does()
    {
        await using var server = await PostgresServer.StartNewAsync(Cancellation);
        await PostgresFixture.MigrateAsync(server.ConnectionString("agentdb"), Cancellation);
        await server.StopAsync();
        await using var executor = new LeaseUnderTest(server.ConnectionString("agentdb"));
        await executor.Lease.StartAsync(Cancellation);
        var valid = executor.Lease.WaitUntilValidAsync(Cancellation);
        Assert.False(valid.IsCompleted);

        await server.StartAsync(Cancellation);

        await valid;
        Assert.True(executor.Lease.IsValid);
    }

    [Fact]
    public async Task An_orderly_stop_ends_the_lease_at_once()
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation);
        await using var executor = await LeaseUnderTest.StartAsync(connectionString, Cancellation);

        await executor.Lease.StopAsync(Cancellation);

        Assert.False(executor.Lease.IsValid);
        Assert.Equal(1L, await ScalarAsync(connectionString, "SELECT count(*) FROM executors WHERE lease_until <= now()"));
    }

    [Fact]
    public async Task Rows_of_executors_long_gone_are_dropped_unless_they_own_an_open_run()
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation);
        const string Gone = """
            INSERT INTO executors SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid, 1, 'gone', now() - interval '1 day', now() FROM generate_series(1, 3) n;
            INSERT INTO runs (tenant_id, run_id, agent, agent_version, status, question, iterations, input_tokens, output_tokens, background, owner, epoch, created_at)
            VALUES ('t1', gen_random_uuid(), 'a', 'v', 'running', 'q', 0, 0, 0, false, '00000000-0000-0000-0000-000000000002', 1, now())
            """;
        await ScalarAsync(connectionString, Gone);

        await using var executor = await LeaseUnderTest.StartAsync(connectionString, Cancellation);

        await Until.TrueAsync(
            async () => (long)(await ScalarAsync(connectionString, "SELECT count(*) FROM executors"))! == 2, "two rows are left", Cancellation);
        Assert.Equal(1L, await ScalarAsync(connectionString, "SELECT count(*) FROM executors WHERE id = '00000000-0000-0000-0000-000000000002'"));
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
