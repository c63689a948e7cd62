using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace AgentPlatform.Executor.Storage;

/// <summary>
/// Brings one database up to date over one connection:
/// <list type="number">
/// <item>Make the database where it is missing.</item>
/// <item>Queue up behind a lock of ours: EF's own lasts for one migration, so that between two of them another process comes in and both apply the second.</item>
/// <item>Make the roles, as the user of the connection string.</item>
/// <item>Give the tables to their owner: those of an installation from before the roles belong to that user.</item>
/// <item>Apply the migrations as the owner.</item>
/// </list>
/// </summary>
internal static class SchemaUpdate
{
    /// <summary>Of the advisory lock; any number nobody else uses.</summary>
    private const long Lock = 6_021_076_430_172_559;

    private const string NotTheOwners =
        $"""
        SELECT relname::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname = ANY ($1) AND relowner <> '{DatabaseRoles.Owner}'::regrole
        """;

    public static async Task RunAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connections = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });
        await using var context = new AgentDbContext(
            new DbContextOptionsBuilder<AgentDbContext>().UseNpgsql(connections).UseSnakeCaseNamingConvention().Options);
        await OpenAsync(context.Database, cancellationToken);
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();

        // The lock is the connection's: one that breaks gives it back, and the next attempt takes it again.
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({Lock})", cancellationToken);
        await TakeRolesAsync(connection, cancellationToken);
        await GiveTablesAsync(connection, context, cancellationToken);
        await ExecuteAsync(connection, $"SET ROLE {DatabaseRoles.Owner}", cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>Not by the context's own method, which tries again by itself for minutes and says nothing.</summary>
    private static async Task OpenAsync(DatabaseFacade database, CancellationToken cancellationToken)
    {
        var connection = database.GetService<IRelationalConnection>();
        try
        {
            await connection.OpenAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            await database.GetService<IRelationalDatabaseCreator>().CreateAsync(cancellationToken);
            await connection.OpenAsync(cancellationToken);
        }
    }

    private static async Task TakeRolesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connection, DatabaseRoles.Create, cancellationToken);
            await ExecuteAsync(connection, DatabaseRoles.Grant, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new InvalidOperationException(
                $"The database user '{connection.UserName}' may not make or take the roles the executor works in ({exception.MessageText}). Give it CREATEROLE, or have an administrator run, in this database: "
                + DatabaseRoles.Remedy(connection.UserName ?? "the user"),
                exception);
        }
    }

    // One at a time: their locks are held for a moment each, also while executors of the version before are at work.
    private static async Task GiveTablesAsync(NpgsqlConnection connection, AgentDbContext context, CancellationToken cancellationToken)
    {
        var tables = new List<string>();
        await using (var find = new NpgsqlCommand(NotTheOwners, connection))
        {
            string[] ours = [.. context.Model.GetEntityTypes().Select(entity => entity.GetTableName()!), HistoryRepository.DefaultTableName];
            find.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = ours });
            await using var rows = await find.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                tables.Add(rows.GetString(0));
            }
        }

        foreach (var table in tables)
        {
            await ExecuteAsync(connection, $"ALTER TABLE public.\"{table}\" OWNER TO {DatabaseRoles.Owner}", cancellationToken);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
