using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Storage;
using Npgsql;

namespace AgentPlatform.Executor.Journal;

/// <summary>Reads a run back with one look-up by key, as the tenant it belongs to: the writer's connections would show it to anybody.</summary>
internal sealed class JournalReader(ApplicationDataSource database)
{
    internal const string LoadSql = """
        SELECT r.epoch, r.owner, r.hidden, e.events
        FROM runs r
        LEFT JOIN run_events e ON e.tenant_id = r.tenant_id AND e.run_id = r.run_id
        WHERE r.tenant_id = $1 AND r.run_id = $2
        ORDER BY e.first_seq
        """;

    public Task<StoredRun?> LoadAsync(string tenantId, Guid runId, CancellationToken cancellationToken) =>
        BriefOutage.SurviveAsync(token => ReadAsync(tenantId, runId, token), cancellationToken);

    private async Task<StoredRun?> ReadAsync(string tenantId, Guid runId, CancellationToken cancellationToken)
    {
        await using var command = database.For(tenantId).CreateCommand(LoadSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = runId });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);

        var events = new List<RunEvent>();
        (long Epoch, Guid Owner, bool Hidden)? held = null;
        while (await rows.ReadAsync(cancellationToken))
        {
            held ??= (rows.GetInt64(0), rows.GetGuid(1), rows.GetBoolean(2));
            if (!await rows.IsDBNullAsync(3, cancellationToken))
            {
                events.AddRange(JsonSerializer.Deserialize<List<RunEvent>>(rows.GetString(3), WireJson.Options)!);
            }
        }

        return held is { } run ? new StoredRun(events, run.Epoch, run.Owner) { Hidden = run.Hidden } : null;
    }
}
