using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Postgres;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Storage;

public sealed class DatabaseRoleTests(PostgresFixture postgres)
{
    private const string Owners = "SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_that_may_not_take_the_roles_is_told_what_an_administrator_runs_and_then_needs_no_more()
    {
        await postgres.CreateDatabaseAsync(Cancellation);
        var login = await TenantLogins.OwnDatabaseAsync(postgres);
        var user = new NpgsqlConnectionStringBuilder(login).Username;

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => SchemaUpdate.RunAsync(login, Cancellation));

        Assert.Contains("CREATEROLE", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"GRANT agent_owner, agent_writer, agent_app TO \"{user}\"", refused.Message, StringComparison.Ordinal);
        // As the message says; the roles are there already.
        var grants = DatabaseRoles.Remedy(user!).Split("; ").Where(statement => statement.StartsWith("GRANT", StringComparison.Ordinal));
        await TenantLogins.ExecuteAsync(TenantLogins.AsSuperuser(login), string.Join("; ", grants));
        await SchemaUpdate.RunAsync(login, Cancellation);
        Assert.Equal(["agent_owner"], await TenantLogins.ReadAsync(login, Owners));
    }

    [Fact]
    public async Task An_installation_from_before_the_roles_gives_its_tables_away_and_executors_of_that_version_work_on()
    {
        await postgres.CreateDatabaseAsync(Cancellation);
        var login = await TenantLogins.OwnDatabaseAsync(postgres, "CREATEROLE");
        await using (var connections = NpgsqlDataSource.Create(login + ";Pooling=false"))
        {
            await using var context = PostgresFixture.CreateContext(connections);
            await context.Database.MigrateAsync(context.Database.GetMigrations().Single(name => name.EndsWith("_ApiKeys", StringComparison.Ordinal)), Cancellation);
        }

        const string insert = "INSERT INTO sessions (tenant_id, session_id, turns, state_version, created_at, updated_at) VALUES ('t', '{0}', 0, 0, now(), now())";
        await TenantLogins.ExecuteAsync(login, string.Format(null, insert, "before"));
        Assert.Equal([new NpgsqlConnectionStringBuilder(login).Username!], await TenantLogins.ReadAsync(login, Owners));

        await SchemaUpdate.RunAsync(login, Cancellation);

        Assert.Equal(["agent_owner"], await TenantLogins.ReadAsync(login, Owners));
        // As the version before: no role, no tenant.
        await TenantLogins.ExecuteAsync(login, string.Format(null, insert, "after"));
        await TenantLogins.ExecuteAsync(login, "UPDATE sessions SET turns = 1");
        Assert.Equal(["after1", "before1"], (await TenantLogins.ReadAsync(login, "SELECT session_id || turns FROM sessions")).Order());
    }

    [Fact]
    public async Task Executors_of_several_databases_make_the_roles_of_a_new_server_together()
    {
        await using var server = await PostgresServer.StartNewAsync(Cancellation);
        await Task.WhenAll(Enumerable.Range(1, 4).Select(async number =>
        {
            var connectionString = server.ConnectionString($"db{number}");
            await Until.TrueAsync(() => UpdateAsync(connectionString), "the schema stands", Cancellation);
            Assert.Equal(["agent_owner"], await TenantLogins.ReadAsync(connectionString, Owners));
        }));

        // What the executor takes for worth another attempt.
        static async Task<bool> UpdateAsync(string connectionString)
        {
            try
            {
                await SchemaUpdate.RunAsync(connectionString, Cancellation);
                return true;
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.ObjectInUse or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.InternalError)
            {
                return false;
            }
        }
    }
}
