using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Idempotency;

/// <summary>
/// Which run a caller's <c>Idempotency-Key</c> stands for, and what was first answered. A key lives for 24 hours on the database's clock, which
/// every executor shares; an older one counts as new.
/// <list type="number">
/// <item>Claim: one row per tenant, route and key; whoever comes first names the run, all others learn it.</item>
/// <item>Settle: the first answer stays and is everybody's.</item>
/// <item>Release: nothing was answered, so the key is free again.</item>
/// </list>
/// </summary>
internal sealed class IdempotencyKeys(ApplicationDataSource dataSource)
{
    /// <summary>The row may be gone between the two statements of a claim: released by another, or swept.</summary>
    private const int MaxAttempts = 5;

    private const string Insert =
        """
        INSERT INTO idempotency_keys AS known (tenant_id, route, key, body_hash, run_id, created_at)
        VALUES ($1, $2, $3, $4, $5, now())
        ON CONFLICT (tenant_id, route, key) DO UPDATE
            SET body_hash = excluded.body_hash, run_id = excluded.run_id, created_at = excluded.created_at, status_code = NULL, response = NULL
            WHERE known.created_at < now() - interval '24 hours'
        """;

    private const string Select =
        "SELECT run_id, body_hash = $4, status_code, response FROM idempotency_keys WHERE tenant_id = $1 AND route = $2 AND key = $3";

    private const string Settle =
        """
        UPDATE idempotency_keys SET status_code = $5, response = $6
        WHERE tenant_id = $1 AND route = $2 AND key = $3 AND run_id = $4 AND status_code IS NULL
        """;

    private const string SelectSettled =
        "SELECT status_code, response FROM idempotency_keys WHERE tenant_id = $1 AND route = $2 AND key = $3 AND run_id = $4";

    private const string Release =
        "DELETE FROM idempotency_keys WHERE tenant_id = $1 AND route = $2 AND key = $3 AND run_id = $4 AND status_code IS NULL";

    /// <summary>A claim that is repeated with the same run id is the first one still.</summary>
    /// <param name="bodyHash">SHA-256 of the parsed body.</param>
    public Task<IdempotencyStanding> ClaimAsync(string tenantId, IdempotencyClaim claim, byte[] bodyHash, CancellationToken cancellationToken) =>
        BriefOutage.SurviveAsync(token => TryClaimAsync(tenantId, claim, bodyHash, token), cancellationToken);

    /// <returns>The first answer: this one, or one that was there before. Without a row (it took longer than a key lives) this one.</returns>
    public Task<IdempotencyStanding> SettleAsync(string tenantId, IdempotencySettlement settlement, CancellationToken cancellationToken) =>
        BriefOutage.SurviveAsync(token => TrySettleAsync(tenantId, settlement, token), cancellationToken);

    public Task ReleaseAsync(string tenantId, IdempotencyRelease release, CancellationToken cancellationToken) =>
        BriefOutage.SurviveAsync(token => TryReleaseAsync(tenantId, release, token), cancellationToken);

    private async Task<IdempotencyStanding> TryClaimAsync(string tenantId, IdempotencyClaim claim, byte[] bodyHash, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var batch = dataSource.For(tenantId).CreateBatch();
            var hash = new NpgsqlParameter<byte[]> { TypedValue = bodyHash };
            batch.Add(Command(Insert, tenantId, claim.Route, claim.Key, hash, Id(claim.RunId)));
            batch.Add(Command(Select, tenantId, claim.Route, claim.Key, hash.Clone()));
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
            {
                var runId = reader.GetGuid(0);
                return new IdempotencyStanding(
                    runId, runId == claim.RunId, !reader.GetBoolean(1), reader.IsDBNull(2) ? null : reader.GetInt32(2), reader.IsDBNull(3) ? null : reader.GetString(3));
            }

            if (attempt == MaxAttempts)
            {
                throw new TimeoutException("An idempotency key was taken and freed again and again.");
            }
        }
    }

    private async Task<IdempotencyStanding> TrySettleAsync(string tenantId, IdempotencySettlement settlement, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.For(tenantId).CreateBatch();
        batch.Add(Command(
            Settle, tenantId, settlement.Route, settlement.Key, Id(settlement.RunId), new NpgsqlParameter<int> { TypedValue = settlement.Status }, Text(settlement.Body)));
        batch.Add(Command(SelectSettled, tenantId, settlement.Route, settlement.Key, Id(settlement.RunId)));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new IdempotencyStanding(settlement.RunId, Status: reader.GetInt32(0), Body: reader.GetString(1))
            : new IdempotencyStanding(settlement.RunId, Status: settlement.Status, Body: settlement.Body);
    }

    /// <returns>Rows set free.</returns>
    private async Task<int> TryReleaseAsync(string tenantId, IdempotencyRelease release, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.For(tenantId).CreateBatch();
        batch.Add(Command(Release, tenantId, release.Route, release.Key, Id(release.RunId)));
        return await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlBatchCommand Command(string sql, string tenantId, string route, string key, params ReadOnlySpan<NpgsqlParameter> others)
    {
        var command = new NpgsqlBatchCommand(sql) { Parameters = { Text(tenantId), Text(route), Text(key) } };
        foreach (var parameter in others)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter<Guid> Id(Guid value) => new() { TypedValue = value };
}
