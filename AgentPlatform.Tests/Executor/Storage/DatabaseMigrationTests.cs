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
        Assert.Single(await context.Database.GetAppliedMigrationsAsync(Cancellation));
        Assert.Empty(await context.Database.GetPendingMigrationsAsync(Cancellation));
        Assert.False(context.Database.HasPendingModelChanges());
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
