using AgentPlatform.Executor.Storage;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Leases;

/// <summary>An open run whose executor is gone: what its host needs to be woken with.</summary>
/// <param name="SecondsLost">Since the lease of its executor ended; 0 when that is not known any more.</param>
internal sealed record OrphanedRun(string TenantId, Guid RunId, string? SessionId, string Agent, string Question, bool Background, double SecondsLost);

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
        SELECT r.tenant_id, r.run_id, r.session_id, r.agent, r.question, r.background,
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
    /// compare-and-set: after waiting for another's claim Postgres checks conditions on the row again, but not the look at its owner. Nobody is at
    /// work on a run that waits for a person, so whoever has the word takes it.
    /// </summary>
    internal const string ClaimSql = """
        WITH held AS (
            SELECT extract(epoch FROM now() - x.lease_until)::float8 AS ended_for
            FROM runs r JOIN executors x ON x.id = r.owner
            WHERE r.tenant_id = $1 AND r.run_id = $2
        )
        UPDATE runs r
        SET owner = $3, epoch = r.epoch + 1, status = CASE WHEN r.status = 'queued' THEN 'queued' ELSE 'running' END
        WHERE r.tenant_id = $1 AND r.run_id = $2 AND r.epoch = $4 AND r.finished_at IS NULL
          AND (r.owner = $3 OR r.status = 'awaiting_approval' OR $5 OR NOT EXISTS (SELECT FROM executors x WHERE x.id = r.owner AND x.lease_until > now()))
          AND EXISTS (SELECT FROM executors me WHERE me.id = $3 AND me.lease_until > now())
        RETURNING r.epoch, (SELECT ended_for FROM held)
        """;

    private const string OwnSql = "SELECT tenant_id, run_id FROM runs WHERE owner = $1 AND finished_at IS NULL AND status <> 'awaiting_approval'";

    private const string GiveUpSql = """
        UPDATE runs SET owner = '00000000-0000-0000-0000-000000000000'
        WHERE tenant_id = $1 AND run_id = $2 AND owner = $3 AND finished_at IS NULL
        """;

    private const string ParkSql =
        "UPDATE runs SET status = 'awaiting_approval', parked_until = $4 WHERE tenant_id = $1 AND run_id = $2 AND epoch = $3 AND finished_at IS NULL";

    private const string BeginSql =
        "UPDATE runs SET status = 'running' WHERE tenant_id = $1 AND run_id = $2 AND epoch = $3 AND status = 'queued'";

    private const string GiveUpAllSql = "UPDATE runs SET owner = '00000000-0000-0000-0000-000000000000' WHERE owner = $1 AND finished_at IS NULL";

    private const string ExpiredSql = """
        SELECT r.tenant_id, r.run_id, r.session_id, r.agent, r.question, r.background, 0::float8
        FROM runs r
        WHERE r.finished_at IS NULL AND r.status = 'awaiting_approval' AND r.parked_until <= now()
        LIMIT $1
        """;

    /// <summary>At most <see cref="BatchSize"/> runs nobody works on.</summary>
    public Task<IReadOnlyList<OrphanedRun>> FindOrphansAsync(CancellationToken cancellationToken) => FindAsync(FindSql, cancellationToken);

    /// <summary>At most <see cref="BatchSize"/> runs whose time to wait for a person is over.</summary>
    public Task<IReadOnlyList<OrphanedRun>> FindExpiredAsync(CancellationToken cancellationToken) => FindAsync(ExpiredSql, cancellationToken);

    private async Task<IReadOnlyList<OrphanedRun>> FindAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var orphans = new List<OrphanedRun>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var session = await rows.IsDBNullAsync(2, cancellationToken) ? null : rows.GetString(2);
            orphans.Add(new OrphanedRun(rows.GetString(0), rows.GetGuid(1), session, rows.GetString(3), rows.GetString(4), rows.GetBoolean(5), rows.GetDouble(6)));
        }

        return orphans;
    }

    /// <summary>Makes this process the run's owner.</summary>
    /// <param name="epoch">The run's epoch as it was read.</param>
    /// <param name="overdue">Its time has long passed: whoever owns it does not work on it.</param>
    /// <returns>Null when its owner is alive, it has ended or changed hands, or this process may not claim yet.</returns>
    public async Task<RunClaim?> TryClaimAsync(string tenantId, Guid runId, long epoch, bool overdue, CancellationToken cancellationToken)
    {
        if (!lease.CanClaim)
        {
            return null;
        }

        await using var command = Command(ClaimSql, tenantId, runId);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = lease.Id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = overdue });
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

    /// <summary>Leaves every own run to whoever claims it: this process works on none of them any more.</summary>
    public async Task GiveUpAllAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(GiveUpAllSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = lease.Id });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Marks a run that waits for a person: nobody need be at work on it.</summary>
    /// <param name="until">When the wait is over; null for never.</param>
    public async Task ParkAsync(string tenantId, Guid runId, long epoch, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        await using var command = Command(ParkSql, tenantId, runId);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
        command.Parameters.Add(new NpgsqlParameter { Value = until?.ToUniversalTime() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Marks a run that has left the queue.</summary>
    public async Task BeginAsync(string tenantId, Guid runId, long epoch, CancellationToken cancellationToken)
    {
        await using var command = Command(BeginSql, tenantId, runId);
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
