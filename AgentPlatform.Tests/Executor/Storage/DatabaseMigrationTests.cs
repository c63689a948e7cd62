using AgentPlatform.Executor.Storage;
using AgentPlatform.ServiceDefaults;
using AgentPlatform.Tests.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Storage;

public sealed class DatabaseMigrationTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Executors_that_start_together_on_an_empty_database_all_find_the_schema_and_a_second_start_changes_nothing()
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation, migrated: false);
        for (var round = 0; round < 2; round++)
        {
            using var first = CreateHost(connectionString);
            using var second = CreateHost(connectionString);
            using var third = CreateHost(connectionString);
            await Task.WhenAll(first.StartAsync(Cancellation), second.StartAsync(Cancellation), third.StartAsync(Cancellation));
            foreach (var host in new[] { first, second, third })
            {
                await using var scope = host.Services.CreateAsyncScope();
                Assert.Equal(0, await scope.ServiceProvider.GetRequiredService<AgentDbContext>().Runs.CountAsync(Cancellation));
                await host.StopAsync(Cancellation);
            }
        }

        await using var context = PostgresFixture.CreateContext(NpgsqlDataSource.Create(connectionString + ";Pooling=false"));
        Assert.Equal(context.Database.GetMigrations(), await context.Database.GetAppliedMigrationsAsync(Cancellation));
        Assert.Empty(await context.Database.GetPendingMigrationsAsync(Cancellation));
        Assert.False(context.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task A_database_with_data_is_brought_up_to_date_under_an_executor_of_the_version_before_and_back_again()
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation, migrated: false);
        await using var connections = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
        await using var context = PostgresFixture.CreateContext(connections);
        var migrations = context.Database.GetMigrations().ToList();
        await context.Database.MigrateAsync(migrations[0], Cancellation);
        await InsertAsOfFirstVersionAsync("before");

        await context.Database.MigrateAsync(Cancellation);
        await InsertAsOfFirstVersionAsync("after");

        Assert.Equal(["after", "before"], await context.Sessions.Where(row => row.Summary == null && row.SummaryTurns == 0).Select(row => row.SessionId).Order().ToListAsync(Cancellation));
        Assert.Equal(2, await context.Runs.CountAsync(row => row.ParkedUntil == null, Cancellation));
        Assert.Equal(2, await context.IdempotencyKeys.CountAsync(Cancellation));

        await context.Database.MigrateAsync(migrations[0], Cancellation);
        await InsertAsOfFirstVersionAsync("again");
        await context.Database.MigrateAsync(Cancellation);
        Assert.Equal(3, await context.IdempotencyKeys.CountAsync(Cancellation));

        async Task InsertAsOfFirstVersionAsync(string name)
        {
            await using var command = connections.CreateCommand(
                $"""
                INSERT INTO sessions (tenant_id, session_id, turns, state_version, created_at, updated_at) VALUES ('t', '{name}', 1, 0, now(), now());
                INSERT INTO runs (tenant_id, run_id, epoch, session_id, turn, agent, agent_version, question, background, owner, created_at, status, iterations, input_tokens, output_tokens)
                VALUES ('t', gen_random_uuid(), 1, '{name}', 1, 'a', 'v', 'q', false, gen_random_uuid(), now(), 'running', 0, 0, 0);
                INSERT INTO idempotency_keys (tenant_id, route, key, body_hash, run_id, created_at) VALUES ('t', 'POST /runs', '{name}', '', gen_random_uuid(), now())
                """);
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }

    [Fact]
    public async Task An_executor_started_before_Postgres_waits_for_it_and_makes_the_database()
    {
        await using var server = await PostgresServer.StartNewAsync(Cancellation);
        await server.StopAsync();
        var logs = new TestLogs();
        using var host = CreateHost(server.ConnectionString("agentdb"), logs);
        var start = host.StartAsync(Cancellation);
        await Until.TrueAsync(() => logs.Lines.Any(line => line.Contains("Waiting for Postgres")), "the wait is logged", Cancellation);
        Assert.False(start.IsCompleted);

        await server.StartAsync(Cancellation);
        await start;

        await using var scope = host.Services.CreateAsyncScope();
        Assert.Equal(0, await scope.ServiceProvider.GetRequiredService<AgentDbContext>().Sessions.CountAsync(Cancellation));
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_start_without_a_connection_string_fails_and_names_the_setting()
    {
        using var host = CreateHost(connectionString: "");
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));
        Assert.Contains("ConnectionStrings__agentdb", failure.Message);
    }

    [Fact]
    public async Task Every_tenants_table_has_the_tenant_first_in_its_key()
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation);
        await using var context = PostgresFixture.CreateContext(NpgsqlDataSource.Create(connectionString + ";Pooling=false"));
        Type[] shared = [typeof(ExecutorEntity), typeof(ClusterSiloEntity), typeof(ClusterVersionEntity)];
        Assert.All(
            context.Model.GetEntityTypes().Where(entity => !shared.Contains(entity.ClrType)),
            entity => Assert.Equal("tenant_id", entity.FindPrimaryKey()!.Properties[0].GetColumnName()));
    }

    private static IHost CreateHost(string connectionString, TestLogs? logs = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection([new($"ConnectionStrings:{ResourceNames.Database}", connectionString)]);
        builder.Logging.AddProvider(logs ?? new TestLogs());
        builder.Services.AddDbContextPool<AgentDbContext>(options => options.UseNpgsql(connectionString, npgsql => npgsql.EnableRetryOnFailure()));
        builder.AddAgentStorage();
        return builder.Build();
    }
}
