using AgentPlatform.Tests.Postgres;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Storage;

/// <summary>Databases whose connection string names a user that is no superuser.</summary>
internal static class TenantLogins
{
    private static int _count;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An empty database that belongs to a new user.</summary>
    /// <param name="attributes">Of the user, for example <c>CREATEROLE</c>.</param>
    public static async Task<string> OwnDatabaseAsync(PostgresFixture postgres, string attributes = "")
    {
        var settings = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync(Cancellation, migrated: false));
        var user = $"person{Interlocked.Increment(ref _count)}";
        await ExecuteAsync(settings.ConnectionString, $"CREATE ROLE {user} LOGIN {attributes}; ALTER DATABASE {settings.Database} OWNER TO {user}");
        return new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Username = user }.ConnectionString;
    }

    /// <summary>The same database, as somebody who may everything.</summary>
    public static string AsSuperuser(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { Username = "postgres" }.ConnectionString;

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    public static async Task<IReadOnlyList<string>> ReadAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync(Cancellation);
        var found = new List<string>();
        while (await rows.ReadAsync(Cancellation))
        {
            found.Add(rows.GetString(0));
        }

        return found;
    }
}
