using AgentPlatform.Executor.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AgentPlatform.Executor.Leases;

/// <summary>An open run whose executor is gone: what its host needs to be woken with.</summary>
/// <param name="SecondsLost">Since the lease of its executor ended; 0 when that is not known any more.</param>
internal sealed record OrphanedRun(string TenantId, Guid RunId, string? SessionId, string Agent, string Question, double SecondsLost);

/// <summary>A run taken over.</summary>
/// <param name="Epoch">The run's new epoch.</param>
/// <param name="LostFor">Since its old owner was last heard of; null when that is not known.</param>
internal sealed record RunClaim(long Epoch, TimeSpan? LostFor);

/// <summary>
/// Finds open runs of executors whose lease is over, and takes one over. Both are decided by the database, on its clock. What the old
/// owner of a claimed run may still do: see <c>PostgresJournal</c>.
/// </summary>
internal sealed class RunClaims(WriterDataSource database, ExecutorLease lease, IOptions<LeaseOptions> options)
{
    /// <summary>Runs of one look; the next look finds the rest.</summary>
    public const int BatchSize = 100;

    /// <summary>Rows another executor is claiming at this moment are passed over.</summary>
    internal const string FindSql = """
        SELECT r.tenant_id, r.run_id, r.session_id, r.agent, r.question,
               coalesce((SELECT extract(epoch FROM now() - x.lease_until) FROM executors x WHERE x.id = r.owner), 0)::float8
        FROM runs r
        WHERE r.finished_at IS NULL AND r.status <> 'awaiting_approval'
          AND NOT EXISTS (SELECT FROM executors x WHERE x.id = r.owner AND x.lease_until > now())
        ORDER BY r.owner
        LIMIT $1
        FOR UPDATE OF r SKIP LOCKED
        """;

    /// <summary>
    /// Its own run is claimed too: an earlier activation in this process is fenced by the new epoch. The epoch the caller read makes it a
    /// compare-and-set: after waiting for another's claim Postgres checks conditions on the row again, but not the look at its owner.
    /// </summary>
    internal const string ClaimSql = """
        WITH held AS (
            SELECT extract(epoch FROM now() - x.lease_until)::float8 AS ended_for
            FROM runs r JOIN executors x ON x.id = r.owner
            WHERE r.tenant_id = $1 AND r.run_id = $2
        )
        UPDATE runs r
        SET owner = $3, epoch = r.epoch + 1, status = 'running'
        WHERE r.tenant_id = $1 AND r.run_id = $2 AND r.epoch = $4 AND r.finished_at IS NULL
          AND (r.owner = $3 OR NOT EXISTS (SELECT FROM executors x WHERE x.id = r.owner AND x.lease_until > now()))
          AND EXISTS (SELECT FROM executors me WHERE me.id = $3 AND me.lease_until > now())
        RETURNING r.epoch, (SELECT ended_for FROM held)
        """;

    private const string OwnSql = "SELECT tenant_id, run_id FROM runs WHERE owner = $1 AND finished_at IS NULL AND status <> 'awaiting_approval'";

    private const string GiveUpSql = """
        UPDATE runs SET owner = '00000000-0000-0000-0000-000000000000'
        WHERE tenant_id = $1 AND run_id = $2 AND owner = $3 AND finished_at IS NULL
        """;

    private const string ParkSql =
        "UPDATE runs SET status = 'awaiting_approval' WHERE tenant_id = $1 AND run_id = $2 AND epoch = $3 AND finished_at IS NULL";

    /// <summary>At most <see cref="BatchSize"/> runs nobody works on.</summary>
    public async Task<IReadOnlyList<OrphanedRun>> FindOrphansAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(FindSql);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var orphans = new List<OrphanedRun>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var session = await rows.IsDBNullAsync(2, cancellationToken) ? null : rows.GetString(2);
            orphans.Add(new OrphanedRun(rows.GetString(0), rows.GetGuid(1), session, rows.GetString(3), rows.GetString(4), rows.GetDouble(5)));
        }

        return orphans;
    }

    /// <summary>Makes this process the run's owner.</summary>
    /// <param name="epoch">The run's epoch as it was read.</param>
    /// <returns>Null when its owner is alive, it has ended or changed hands, or this process may not claim yet.</returns>
    public async Task<RunClaim?> TryClaimAsync(string tenantId, Guid runId, long epoch, CancellationToken cancellationToken)
    {
        if (!lease.CanClaim)
        {
            return null;
        }

        await using var command = Command(ClaimSql, tenantId, runId);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = lease.Id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        if (!await rows.ReadAsync(cancellationToken))
        {
            return null;
        }

        // The lease ended a full period after the owner was last heard of.
        var lost = await rows.IsDBNullAsync(1, cancellationToken) ? (TimeSpan?)null : TimeSpan.FromSeconds(rows.GetDouble(1)) + options.Value.Duration;
        return new RunClaim(rows.GetInt64(0), lost);
    }

    /// <summary>Open runs that are this process's own by their rows.</summary>
    public async Task<IReadOnlyList<(string TenantId, Guid RunId)>> OwnRunsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(OwnSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = lease.Id });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var own = new List<(string, Guid)>();
        while (await rows.ReadAsync(cancellationToken))
        {
            own.Add((rows.GetString(0), rows.GetGuid(1)));
        }

        return own;
    }

    /// <summary>Leaves an own run to whoever claims it.</summary>
    public async Task GiveUpAsync(string tenantId, Guid runId, CancellationToken cancellationToken)
    {
        await using var command = Command(GiveUpSql, tenantId, runId);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = lease.Id });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Marks a run that waits for a person: nobody need be at work on it.</summary>
    public async Task ParkAsync(string tenantId, Guid runId, long epoch, CancellationToken cancellationToken)
    {
        await using var command = Command(ParkSql, tenantId, runId);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(string sql, string tenantId, Guid runId)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = runId });
        return command;
    }
}
