using System.Diagnostics;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Runs;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Audit;

/// <summary>
/// Who did what, as rows that nobody changes and as log events. Written after the deed and before its answer: who got no answer asks again, so that a deed may stand here
/// twice, and none is missing whose caller was told that it is done.
/// </summary>
internal sealed partial class AuditTrail(ApplicationDataSource database, TimeProvider time, ILogger<AuditTrail> logger)
{
    private const string Insert =
        "INSERT INTO audit_events (tenant_id, event_id, at, actor, action, target, trace_id) VALUES ($1, $2, $3, $4, $5, $6, $7)";

    private const string Select =
        """
        SELECT event_id, at, actor, action, target, trace_id FROM audit_events
        WHERE tenant_id = $1 AND ($2::uuid IS NULL OR event_id < $2) ORDER BY event_id DESC LIMIT $3
        """;

    /// <remarks>What was done was done, whether or not somebody still waits to hear of it: only the deadlines of the database end this.</remarks>
    public async Task RecordAsync(string tenantId, string actor, string action, string? target, string? traceId = null)
    {
        var now = time.GetUtcNow();
        var cleaned = target is null ? null : JournalText.Clean(target);
        await using var command = database.For(tenantId).CreateCommand(Insert);
        command.Parameters.Add(Text(tenantId));
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7(now) });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
        command.Parameters.Add(Text(JournalText.Clean(actor)));
        command.Parameters.Add(Text(action));
        command.Parameters.Add(Text(cleaned));
        command.Parameters.Add(Text(traceId is null ? Activity.Current?.TraceId.ToString() : JournalText.Clean(traceId)));
        await command.ExecuteNonQueryAsync(CancellationToken.None);
        LogAudit(logger, tenantId, actor, action, cleaned);
    }

    /// <summary>Newest first.</summary>
    /// <param name="after">The event after which the page begins.</param>
    public async Task<IReadOnlyList<AuditEvent>> ListAsync(string tenantId, Guid? after, int most, CancellationToken cancellationToken)
    {
        await using var command = database.For(tenantId).CreateCommand(Select);
        command.Parameters.Add(Text(tenantId));
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)after ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<AuditEvent>();
        while (await rows.ReadAsync(cancellationToken))
        {
            events.Add(new AuditEvent(
                rows.GetGuid(0), rows.GetFieldValue<DateTimeOffset>(1), rows.GetString(2), rows.GetString(3),
                rows.IsDBNull(4) ? null : rows.GetString(4), rows.IsDBNull(5) ? null : rows.GetString(5)));
        }

        return events;
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    [LoggerMessage(Level = LogLevel.Information, EventName = "audit", Message = "{TenantId}: {Actor} {Action} {Target}")]
    private static partial void LogAudit(ILogger logger, string tenantId, string actor, string action, string? target);
}
