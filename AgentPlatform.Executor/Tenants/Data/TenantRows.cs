using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Tenants.Data;

/// <summary>The rows of a tenant that a removal asks about, and takes away.</summary>
internal sealed class TenantRows(ApplicationDataSource database)
{
    /// <summary>Rows of one statement, which has the seconds of any other.</summary>
    private const int BatchSize = 200;

    private const string OpenRuns = "SELECT run_id FROM runs WHERE tenant_id = $1 AND finished_at IS NULL LIMIT 200";

    private const string AnyRun = "SELECT run_id FROM runs WHERE tenant_id = $1 LIMIT 1";

    private const string Agents = "SELECT DISTINCT agent FROM runs WHERE tenant_id = $1 ORDER BY agent";

    public Task<List<Guid>> OpenRunsAsync(string tenantId, CancellationToken cancellationToken) =>
        AskAsync(OpenRuns, tenantId, row => row.GetGuid(0), cancellationToken);

    public async Task<bool> AnyRunAsync(string tenantId, CancellationToken cancellationToken) =>
        (await AskAsync(AnyRun, tenantId, row => row.GetGuid(0), cancellationToken)).Count > 0;

    public Task<List<string>> AgentsAsync(string tenantId, CancellationToken cancellationToken) =>
        AskAsync(Agents, tenantId, row => row.GetString(0), cancellationToken);

    /// <summary>One batch. The database's function removes nothing but the rows of the tenant the transaction is for, and its keys when nothing else is left.</summary>
    /// <returns>How many rows went, and the sessions of which something went.</returns>
    public async Task<(long Removed, string[] Sessions)> RemoveAsync(string tenantId, CancellationToken cancellationToken)
    {
        await using var command = database.For(tenantId).CreateCommand("SELECT removed, forgotten FROM remove_tenant_data($1)");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        var batch = (rows.GetInt64(0), rows.GetFieldValue<string[]>(1));
        // Read to the end: only then is it committed.
        while (await rows.NextResultAsync(cancellationToken))
        {
        }

        return batch;
    }

    private async Task<List<T>> AskAsync<T>(string sql, string tenantId, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = database.For(tenantId).CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId, NpgsqlDbType = NpgsqlDbType.Text });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<T>();
        while (await rows.ReadAsync(cancellationToken))
        {
            found.Add(read(rows));
        }

        return found;
    }
}
