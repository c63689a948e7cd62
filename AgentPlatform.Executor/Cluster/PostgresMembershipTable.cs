using System.Globalization;
using AgentPlatform.Executor.Storage;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;

namespace AgentPlatform.Executor.Cluster;

/// <summary>
/// Orleans' cluster membership in Postgres: one row per silo, and one row that counts the changes. Every change moves that count on from the
/// value the caller read, in one transaction with the silo's row, so that changes happen one after another or not at all.
/// Heartbeats touch the silo's own row alone. The tables come with the schema (migrations), before a silo starts.
/// </summary>
internal sealed partial class PostgresMembershipTable(
    WriterDataSource database, IOptions<ClusterOptions> cluster, IFatalErrorHandler fatalErrors) : IMembershipTable
{
    private const string CreateVersionSql =
        "INSERT INTO cluster_version (cluster_id, version) VALUES ($1, 0) ON CONFLICT DO NOTHING";

    private const string ReadSql = """
        SELECT v.version, s.silo, s.status, s.entry, s.etag, s.alive_at
        FROM cluster_version v
        LEFT JOIN cluster_silos s ON s.cluster_id = v.cluster_id AND ($2::text IS NULL OR s.silo = $2)
        WHERE v.cluster_id = $1
        """;

    private const string CountSql = "UPDATE cluster_version SET version = $3 WHERE cluster_id = $1 AND version = $2";

    private const string InsertSql = """
        INSERT INTO cluster_silos (cluster_id, silo, status, entry, etag, alive_at, changed_at)
        VALUES ($1, $2, $3, $4::jsonb, $5, $6, now())
        ON CONFLICT DO NOTHING
        """;

    // A vote about another silo is written from an older reading of its row: its heartbeat must not go back.
    private const string UpdateSql = """
        UPDATE cluster_silos
        SET status = $3, entry = $4::jsonb, etag = $5, alive_at = greatest(alive_at, $6), changed_at = now()
        WHERE cluster_id = $1 AND silo = $2 AND etag = $7
        """;

    private const string AliveSql = "UPDATE cluster_silos SET alive_at = $3 WHERE cluster_id = $1 AND silo = $2";

    private const string DropDeadSql =
        "DELETE FROM cluster_silos WHERE cluster_id = $1 AND status = 'Dead' AND greatest(alive_at, changed_at) < $2";

    private const string DropAllSql = """
        WITH silos AS (DELETE FROM cluster_silos WHERE cluster_id = $1)
        DELETE FROM cluster_version WHERE cluster_id = $1
        """;

    private readonly string _clusterId = cluster.Value.ClusterId;

    public async Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken)
    {
        if (tryInitTableVersion)
        {
            await ExecuteAsync(CreateVersionSql, [_clusterId], cancellationToken);
        }
    }

    public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken) =>
        ReadAsync(key.ToParsableString(), cancellationToken);

    public Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken) => ReadAsync(silo: null, cancellationToken);

    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) =>
        ChangeAsync(InsertSql, entry, tableVersion, etag: null, cancellationToken);

    public Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken) =>
        ChangeAsync(UpdateSql, entry, tableVersion, Etag(etag), cancellationToken);

    /// <summary>
    /// A silo whose row is gone was declared dead and cleaned away while it could not look: the others have replaced it, so it ends
    /// as one that reads its own death does.
    /// </summary>
    public async Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken)
    {
        var silo = entry.SiloAddress.ToParsableString();
        if (await ExecuteAsync(AliveSql, [_clusterId, silo, SiloRecord.Utc(entry.IAmAliveTime)], cancellationToken) == 0)
        {
            var gone = new OrleansException($"Silo {silo} is not in the membership table any more.");
            fatalErrors.OnFatalException(this, nameof(UpdateIAmAliveAsync), gone);
            throw gone;
        }
    }

    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) =>
        ExecuteAsync(DropDeadSql, [_clusterId, beforeDate.ToUniversalTime()], cancellationToken);

    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) =>
        ExecuteAsync(DropAllSql, [clusterId], cancellationToken);

    private async Task<MembershipTableData> ReadAsync(string? silo, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ReadSql);
        command.Parameters.Add(Parameter(_clusterId));
        command.Parameters.Add(Parameter(silo));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var version = 0;
        var members = new List<Tuple<MembershipEntry, string>>();
        while (await rows.ReadAsync(cancellationToken))
        {
            version = rows.GetInt32(0);
            if (!await rows.IsDBNullAsync(1, cancellationToken))
            {
                var entry = SiloRecord.Read(rows.GetString(1), rows.GetString(2), rows.GetString(3), rows.GetDateTime(5));
                members.Add(Tuple.Create(entry, Etag(rows.GetInt32(4))));
            }
        }

        return new MembershipTableData(members, new TableVersion(version, Etag(version)));
    }

    private async Task<bool> ChangeAsync(
        string sql, MembershipEntry entry, TableVersion next, int? etag, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var count = Command(connection, CountSql, _clusterId, Etag(next.VersionEtag), next.Version);
        await using var change = Command(
            connection, sql, _clusterId, entry.SiloAddress.ToParsableString(), entry.Status.ToString(), SiloRecord.Write(entry), next.Version,
            SiloRecord.Utc(entry.IAmAliveTime));
        if (etag is { } expected)
        {
            change.Parameters.Add(Parameter(expected));
        }

        if (await count.ExecuteNonQueryAsync(cancellationToken) == 0 || await change.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return false;
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<int> ExecuteAsync(string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(Parameter(value));
        }

        return command;
    }

    private static NpgsqlParameter Parameter(object? value) => new() { Value = value ?? DBNull.Value };

    private static int Etag(string etag) => int.Parse(etag, CultureInfo.InvariantCulture);

    private static string Etag(int etag) => etag.ToString(CultureInfo.InvariantCulture);
}
