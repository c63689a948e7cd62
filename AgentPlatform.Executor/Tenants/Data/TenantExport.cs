using System.Data;
using System.Text;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Tenants.Data;

/// <summary>
/// Everything a tenant has, as lines of JSON: <c>{"type": …, "data": …}</c>, of one moment. One row is in memory at a time: the server is asked for the next when the
/// reader has taken the last.
/// </summary>
internal sealed class TenantExport(ApplicationDataSource database)
{
    /// <summary>In this order. A run comes with its events; a key without its hash.</summary>
    private static readonly (string Type, string Sql)[] Parts =
    [
        ("session", "SELECT to_jsonb(s)::text FROM sessions s WHERE tenant_id = $1 ORDER BY session_id"),
        ("run",
            """
            SELECT (to_jsonb(r) || jsonb_build_object('events', (
                SELECT coalesce(jsonb_agg(event ORDER BY e.first_seq, place), '[]') FROM run_events e, jsonb_array_elements(e.events) WITH ORDINALITY AS each (event, place)
                WHERE e.tenant_id = r.tenant_id AND e.run_id = r.run_id)))::text
            FROM runs r WHERE tenant_id = $1 ORDER BY run_id
            """),
        ("tool_outcome", "SELECT to_jsonb(o)::text FROM tool_outcomes o WHERE tenant_id = $1 ORDER BY run_id, call_id"),
        ("idempotency_key", "SELECT (to_jsonb(k) - 'body_hash')::text FROM idempotency_keys k WHERE tenant_id = $1 ORDER BY route, key"),
        ("budget_window", "SELECT to_jsonb(w)::text FROM budget_windows w WHERE tenant_id = $1 ORDER BY starts_at, session_id"),
        ("budget_reservation", "SELECT to_jsonb(b)::text FROM budget_reservations b WHERE tenant_id = $1 ORDER BY run_id, session_id"),
        ("api_key",
            """
            SELECT jsonb_build_object('key_id', key_id, 'name', name, 'shown', shown, 'scopes', scopes, 'created_at', created_at, 'expires_at', expires_at, 'revoked_at', revoked_at)::text
            FROM api_keys WHERE tenant_id = $1 ORDER BY key_id
            """),
        ("audit_event", "SELECT to_jsonb(a)::text FROM audit_events a WHERE tenant_id = $1 ORDER BY event_id"),
    ];

    public async Task WriteAsync(string tenantId, Stream output, CancellationToken cancellationToken)
    {
        await using var transaction = await database.For(tenantId).BeginAsync(cancellationToken, IsolationLevel.RepeatableRead);
        await using var writer = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true);
        foreach (var (type, sql) in Parts)
        {
            await using var command = transaction.CreateCommand(sql);
            // The reader sets the pace.
            command.CommandTimeout = 0;
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId, NpgsqlDbType = NpgsqlDbType.Text });
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                await writer.WriteAsync($"{{\"type\":\"{type}\",\"data\":{rows.GetString(0)}}}\n".AsMemory(), cancellationToken);
            }
        }

        // Without it the export broke off.
        await writer.WriteAsync("{\"type\":\"end\"}\n".AsMemory(), cancellationToken);
        await writer.FlushAsync(cancellationToken);
    }
}
