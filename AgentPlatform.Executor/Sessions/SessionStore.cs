using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Sessions;

/// <summary>
/// What a session's writer loads and leaves: plain SQL, one exchange with the database each. A load reads a window of the
/// newest turns, so that the thousandth question costs what the tenth did.
/// </summary>
internal sealed class SessionStore(ApplicationDataSource dataSource)
{
    internal const string SelectSession =
        "SELECT turns FROM sessions WHERE tenant_id = $1 AND session_id = $2";

    /// <summary>Walks the unique index (tenant_id, session_id, turn) backwards.</summary>
    internal const string SelectWindow =
        """
        SELECT turn, run_id, agent, question, answer, finished_at IS NULL
        FROM runs WHERE tenant_id = $1 AND session_id = $2
        ORDER BY turn DESC LIMIT $3
        """;

    /// <summary>However far back it began; the index of open runs holds few.</summary>
    internal const string SelectOpen =
        """
        SELECT turn, run_id, agent, question, background
        FROM runs WHERE tenant_id = $1 AND session_id = $2 AND finished_at IS NULL AND status <> 'awaiting_approval'
        ORDER BY turn
        """;

    /// <summary>
    /// The person saw these words, so the conversation goes on from them, even where the run has, or later gives, an answer of its own: that
    /// one stays in the journal.
    /// </summary>
    private const string UpdateAnswer =
        """
        UPDATE runs SET answer = $4, degraded = $5
        WHERE tenant_id = $1 AND run_id = $2 AND session_id = $3
        """;

    /// <summary>
    /// The session as stored. Turns without an answer count in the numbering and in the window, but are no conversation.
    /// </summary>
    /// <param name="maxTurns">At most so many turns are read, besides an open one.</param>
    public async Task<SessionSnapshot> LoadAsync(string tenantId, string sessionId, int maxTurns, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.Connections.CreateBatch();
        batch.BatchCommands.Add(Command(SelectSession, Text(tenantId), Text(sessionId)));
        batch.BatchCommands.Add(Command(SelectWindow, Text(tenantId), Text(sessionId), new NpgsqlParameter<int> { TypedValue = maxTurns + 1 }));
        batch.BatchCommands.Add(Command(SelectOpen, Text(tenantId), Text(sessionId)));

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var exists = await reader.ReadAsync(cancellationToken);
        var begun = exists ? reader.GetInt32(0) : 0;
        await reader.NextResultAsync(cancellationToken);

        var turns = new List<FinishedTurn>();
        var seen = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            var turn = reader.GetInt32(0);
            var runId = reader.GetGuid(1);
            begun = Math.Max(begun, turn);
            if (!reader.GetBoolean(5) && ++seen <= maxTurns && !reader.IsDBNull(4))
            {
                turns.Add(new FinishedTurn(turn, runId, reader.GetString(2), reader.GetString(3), reader.GetString(4)));
            }
        }

        await reader.NextResultAsync(cancellationToken);
        var open = new List<OpenTurn>();
        while (await reader.ReadAsync(cancellationToken))
        {
            open.Add(new OpenTurn(reader.GetGuid(1), reader.GetInt32(0), reader.GetString(2), reader.GetString(3), reader.GetBoolean(4)));
        }

        turns.Reverse();
        return new SessionSnapshot(exists, begun + 1, open, turns);
    }

    /// <summary>Makes what the ladder told the person the turn's answer.</summary>
    /// <returns>False when the session has no such run.</returns>
    public async Task<bool> RecordToldAnswerAsync(ToldAnswer told, CancellationToken cancellationToken)
    {
        await using var command = dataSource.Connections.CreateCommand(UpdateAnswer);
        command.Parameters.Add(Text(told.TenantId));
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = told.RunId });
        command.Parameters.Add(Text(told.SessionId));
        command.Parameters.Add(Text(told.Answer));
        command.Parameters.Add(Text(told.Level));
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };
}
