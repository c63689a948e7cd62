using AgentPlatform.Executor.Storage;
using Npgsql;

namespace AgentPlatform.Executor.Leases;

/// <summary>The row of <c>executors</c> behind a lease. Every time in it is the database's.</summary>
internal sealed class LeaseRow(WriterDataSource database)
{
    /// <summary>Inserts or renews; a lease that had lapsed comes back under the next epoch.</summary>
    private const string RenewSql = """
        INSERT INTO executors AS x (id, epoch, name, lease_until, started_at)
        VALUES ($1, $2, $3, now() + $4, now())
        ON CONFLICT (id) DO UPDATE
            SET lease_until = excluded.lease_until,
                epoch = greatest(x.epoch, excluded.epoch) + CASE WHEN x.lease_until <= now() THEN 1 ELSE 0 END
        RETURNING epoch
        """;

    private const string ReleaseSql = "UPDATE executors SET lease_until = now() WHERE id = $1";

    private const string DropEndedSql = """
        DELETE FROM executors x
        WHERE x.lease_until < now() - $1
          AND NOT EXISTS (SELECT FROM runs r WHERE r.owner = x.id AND r.finished_at IS NULL)
        """;

    /// <param name="epoch">The epoch held so far, from 1; kept should the row have vanished.</param>
    /// <returns>The epoch held now.</returns>
    public async Task<long> RenewAsync(Guid id, long epoch, string name, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(RenewSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = duration });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task ReleaseAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ReleaseSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Drops executors that ended longer ago than <paramref name="keep"/> and own no open run.</summary>
    public async Task<int> DropEndedAsync(TimeSpan keep, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(DropEndedSql);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = keep });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
