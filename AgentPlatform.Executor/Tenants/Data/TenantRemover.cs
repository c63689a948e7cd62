using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Runs;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Tenants.Data;

/// <summary>
/// Takes a tenant away:
/// 1. its open runs are cancelled, and given some seconds to say how they ended;
/// 2. its rows go in batches, keys with the first one, so that nobody comes in by them any more. The database's function removes nothing but the rows of the tenant the transaction is for.
/// What broke off is finished by asking again.
/// </summary>
internal sealed class TenantRemover(ApplicationDataSource database, IGrainFactory grains, RunDriver driver, TimeProvider time)
{
    private const int BatchSize = 500;

    /// <summary>For open runs to end in.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private const string OpenRuns = "SELECT run_id FROM runs WHERE tenant_id = $1 AND finished_at IS NULL LIMIT 200";

    private const string Agents = "SELECT DISTINCT agent FROM runs WHERE tenant_id = $1 ORDER BY agent";

    /// <returns>Null when a run does not end: nothing was removed.</returns>
    public async Task<TenantRemoval?> RemoveAsync(string tenantId, CancellationToken cancellationToken)
    {
        if (!await CancelAllAsync(tenantId, cancellationToken))
        {
            return null;
        }

        var agents = await AskAsync(Agents, tenantId, row => row.GetString(0), cancellationToken);
        long total = 0, removed;
        do
        {
            await using var command = database.For(tenantId).CreateCommand("SELECT remove_tenant_rows($1)");
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
            removed = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
            total += removed;
        }
        while (removed > 0);
        return new TenantRemoval(total, agents);
    }

    private async Task<bool> CancelAllAsync(string tenantId, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            var open = await AskAsync(OpenRuns, tenantId, row => row.GetGuid(0), cancellationToken);
            if (open.Count == 0 || time.GetElapsedTime(begun) > Patience)
            {
                return open.Count == 0;
            }

            foreach (var runId in open)
            {
                await CancelAsync(tenantId, runId, cancellationToken);
            }
        }
    }

    private async Task CancelAsync(string tenantId, Guid runId, CancellationToken cancellationToken)
    {
        if (await driver.LookAsync(tenantId, runId, cancellationToken) is { Started: { } started, Ending: null })
        {
            var request = RunHosts.Request(tenantId, runId, started);
            await RunHosts.Of(grains, request).CancelAsync(JsonSerializer.SerializeToUtf8Bytes(request, WireJson.Options));
        }
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
