using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Runs.Outcomes;

/// <summary>
/// What people found out about calls that broke off. Kept beside the journal, because the run has ended and its log is closed. The first
/// word on a call stays.
/// </summary>
internal sealed class ToolOutcomes(ApplicationDataSource dataSource, TimeProvider timeProvider)
{
    /// <summary>Not behind a removal: the run is there until this is.</summary>
    private const string Insert =
        """
        INSERT INTO tool_outcomes (tenant_id, run_id, call_id, happened, note, decided_by, recorded_at)
        SELECT $1, $2, $3, $4, $5, $6, $7 FROM runs WHERE tenant_id = $1 AND run_id = $2 FOR KEY SHARE
        ON CONFLICT DO NOTHING
        """;

    private const string SelectOne =
        "SELECT happened, note FROM tool_outcomes WHERE tenant_id = $1 AND run_id = $2 AND call_id = $3";

    private const string SelectOfRuns =
        """
        SELECT run_id, call_id, happened, note, decided_by, recorded_at FROM tool_outcomes
        WHERE tenant_id = $1 AND run_id = ANY ($2)
        ORDER BY run_id, call_id
        """;

    /// <summary>The same word again is fine, with the note or without; who says it does not matter.</summary>
    public async Task<OutcomeRecording> RecordAsync(string tenantId, Guid runId, string callId, CallOutcome outcome, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.For(tenantId).CreateBatch();
        batch.Add(new NpgsqlBatchCommand(Insert)
        {
            Parameters =
            {
                Text(tenantId),
                new NpgsqlParameter<Guid> { TypedValue = runId },
                Text(callId),
                new NpgsqlParameter<bool> { TypedValue = outcome.Happened },
                Text(outcome.Note),
                Text(outcome.By),
                new NpgsqlParameter<DateTimeOffset> { TypedValue = timeProvider.GetUtcNow() },
            },
        });
        batch.Add(new NpgsqlBatchCommand(SelectOne)
        {
            Parameters = { Text(tenantId), new NpgsqlParameter<Guid> { TypedValue = runId }, Text(callId) },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            // Removed with its session in between.
            return OutcomeRecording.Recorded;
        }

        var note = reader.IsDBNull(1) ? null : reader.GetString(1);
        return reader.GetBoolean(0) == outcome.Happened && (outcome.Note is null || outcome.Note == note)
            ? OutcomeRecording.Recorded
            : OutcomeRecording.Conflict;
    }

    /// <summary>All that is recorded about these runs.</summary>
    public async Task<IReadOnlyList<ToolOutcome>> ReadAsync(string tenantId, Guid[] runIds, CancellationToken cancellationToken)
    {
        await using var command = dataSource.For(tenantId).CreateCommand(SelectOfRuns);
        command.Parameters.Add(Text(tenantId));
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = runIds });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var outcomes = new List<ToolOutcome>();
        while (await reader.ReadAsync(cancellationToken))
        {
            outcomes.Add(new ToolOutcome(
                reader.GetGuid(0),
                reader.GetString(1),
                reader.GetBoolean(2),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5)));
        }

        return outcomes;
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}

/// <summary>What became of a word on a call.</summary>
internal enum OutcomeRecording
{
    Recorded,

    /// <summary>Another word stands already.</summary>
    Conflict,
}

/// <summary>A person's word on one call that broke off.</summary>
internal sealed record ToolOutcome(Guid RunId, string CallId, bool Happened, string? Note, string? By, DateTimeOffset At);
