using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace AgentPlatform.Executor.Storage;

/// <summary>
/// Whether the schema is up to date, asked in plain SQL: EF Core takes about a second of CPU time to come up, and at every start but the first one after an
/// update it would find nothing to do.
/// </summary>
internal sealed class AppliedMigrations(WriterDataSource database)
{
    private const string HistorySql = """SELECT migration_id FROM "__EFMigrationsHistory" """;

    /// <summary>False also when it cannot be told: the database is away, does not exist yet or has no history.</summary>
    public async Task<bool> AreCompleteAsync(CancellationToken cancellationToken)
    {
        var missing = typeof(AgentDbContext).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Migration)))
            .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>().ToHashSet(StringComparer.Ordinal);
        try
        {
            await using var command = database.CreateCommand(HistorySql);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                missing.Remove(rows.GetString(0));
            }
        }
        catch (NpgsqlException)
        {
            return false;
        }

        return missing.Count == 0;
    }
}
