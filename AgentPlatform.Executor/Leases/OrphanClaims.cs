using AgentPlatform.Executor.Storage;
using Npgsql;

namespace AgentPlatform.Executor.Leases;

/// <summary>A run taken over from a dead executor.</summary>
/// <param name="Epoch">The run's new epoch: its <c>run_resumed</c> is appended under it.</param>
internal sealed record ClaimedRun(string TenantId, Guid RunId, string? SessionId, long Epoch);

/// <summary>
/// Takes open runs of executors whose lease is over. One statement decides and claims, on the database's clock; executors that look
/// at the same time pass over each other's rows. What a claimed run's old owner may still do: see <c>PostgresJournal</c>.
/// </summary>
internal sealed class OrphanClaims(WriterDataSource database, ExecutorLease lease)
{
    /// <summary>Runs of one claim; ask again at once when it comes back full.</summary>
    public const int BatchSize = 100;

    // A row that another executor claimed and committed after this statement's snapshot is locked here in its new version, but Postgres
    // checks only conditions on the row itself again, not the anti-join: hence the second look at the owner that was locked.
    internal const string ClaimSql = """
        WITH orphans AS MATERIALIZED (
            SELECT r.tenant_id, r.run_id, r.owner
            FROM runs r
            WHERE r.finished_at IS NULL
              AND NOT EXISTS (SELECT FROM executors x WHERE x.id = r.owner AND x.lease_until > now())
              AND EXISTS (SELECT FROM executors me WHERE me.id = $1 AND me.lease_until > now())
            ORDER BY r.owner
            LIMIT $2
            FOR UPDATE OF r SKIP LOCKED
        )
        UPDATE runs r
        SET owner = $1, epoch = r.epoch + 1
        FROM orphans o
        WHERE r.tenant_id = o.tenant_id AND r.run_id = o.run_id
          AND NOT EXISTS (SELECT FROM executors x WHERE x.id = o.owner AND x.lease_until > now())
        RETURNING r.tenant_id, r.run_id, r.session_id, r.epoch
        """;

    /// <summary>Claims up to <see cref="BatchSize"/> runs; none while <see cref="ExecutorLease.CanClaim"/> is false.</summary>
    public async Task<IReadOnlyList<ClaimedRun>> ClaimAsync(CancellationToken cancellationToken)
    {
        if (!lease.CanClaim)
        {
            return [];
        }

        await using var command = database.CreateCommand(ClaimSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = lease.Id });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var claimed = new List<ClaimedRun>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var session = await rows.IsDBNullAsync(2, cancellationToken) ? null : rows.GetString(2);
            claimed.Add(new ClaimedRun(rows.GetString(0), rows.GetGuid(1), session, rows.GetInt64(3)));
        }

        return claimed;
    }
}
