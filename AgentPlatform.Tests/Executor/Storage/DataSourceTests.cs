using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Postgres;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Storage;

public sealed class DataSourceTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_writer_plans_by_key_and_keeps_what_the_connection_string_says()
    {
        var given = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync(Cancellation)) { Options = "-c statement_timeout=12345" };
        await using var writer = new WriterDataSource(given.ConnectionString, new StorageOptions());

        Assert.Equal("force_custom_plan", await ShowAsync("plan_cache_mode"));
        Assert.Equal("off", await ShowAsync("enable_seqscan"));
        Assert.Equal("12345ms", await ShowAsync("statement_timeout"));
        Assert.Equal("agentplatform-executor-writer", await ShowAsync("application_name"));

        async Task<object?> ShowAsync(string setting)
        {
            await using var command = writer.CreateCommand($"SHOW {setting}");
            return await command.ExecuteScalarAsync(Cancellation);
        }
    }

    [Fact]
    public async Task The_application_keeps_the_servers_own_planning()
    {
        await using var application = new ApplicationDataSource(await postgres.CreateDatabaseAsync(Cancellation), new StorageOptions());
        await using var command = application.For("t").CreateCommand("SHOW plan_cache_mode");
        Assert.Equal("auto", await command.ExecuteScalarAsync(Cancellation));
    }
}
