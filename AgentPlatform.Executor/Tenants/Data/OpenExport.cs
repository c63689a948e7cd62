using System.Text;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Tenants.Data;

/// <summary>An export under way: its place among the others, and its transaction. Both are given back when it is disposed of.</summary>
internal sealed class OpenExport(string tenantId, TenantTransaction transaction, Action leave, TenantDataOptions options, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Written at once: what a reader must take within the stall limit.</summary>
    private const int Slice = 16 * 1024;

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

    /// <returns>False when it broke off because it took too long, or its reader took nothing: then the last line is not there.</returns>
    public async Task<bool> WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.ExportWithin, time);
        using var stalled = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stalled.Token, cancellationToken);
        // Never disposed of: that would write what is left to a reader who takes nothing.
        var buffered = new BufferedStream(output, Slice);
        try
        {
            foreach (var (type, sql) in Parts)
            {
                await WritePartAsync(type, sql, line => WriteLineAsync(buffered, line, stalled, any.Token), any.Token);
            }

            await WriteLineAsync(buffered, "{\"type\":\"end\"}\n", stalled, any.Token);
            stalled.CancelAfter(options.ExportStall);
            await buffered.FlushAsync(any.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await transaction.DisposeAsync();
        }
        finally
        {
            leave();
        }
    }

    private async Task WritePartAsync(string type, string sql, Func<string, Task> write, CancellationToken cancellationToken)
    {
        await using var command = transaction.CreateCommand(sql);
        // The reader sets the pace, within the export's own limits.
        command.CommandTimeout = 0;
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId, NpgsqlDbType = NpgsqlDbType.Text });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        try
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                await write($"{{\"type\":\"{type}\",\"data\":{rows.GetString(0)}}}\n");
            }
        }
        catch (Exception)
        {
            // Else whatever the server has not sent yet would be read before the connection is given back.
            command.Cancel();
            throw;
        }
    }

    private async Task WriteLineAsync(Stream output, string line, CancellationTokenSource stalled, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        for (var at = 0; at < bytes.Length; at += Slice)
        {
            stalled.CancelAfter(options.ExportStall);
            await output.WriteAsync(bytes.AsMemory(at, Math.Min(Slice, bytes.Length - at)), cancellationToken);
        }

        // The database may take its time for the next row.
        stalled.CancelAfter(Timeout.InfiniteTimeSpan);
    }
}
