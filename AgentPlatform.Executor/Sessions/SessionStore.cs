using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Sessions.Verification;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Sessions;

/// <summary>
/// What a session's writer loads and leaves: plain SQL, one exchange with the database each. A load reads a window of the
/// newest turns, so that the thousandth question costs what the tenth did. What is wrong with what it reads is mended, or passed over and
/// logged: a session never fails for good.
/// </summary>
internal sealed partial class SessionStore(ApplicationDataSource dataSource, CutOffTurns cutOff, SessionRepair repair, ILogger<SessionStore> logger)
{
    internal const string SelectSession = "SELECT turns, summary, summary_turns FROM sessions WHERE tenant_id = $1 AND session_id = $2";

    /// <summary>
    /// Walks the unique index (tenant_id, session_id, turn) backwards. Each turn is asked for itself whether results that anybody may have written are behind
    /// it: turns do not end in their order, so the newest cannot speak for those before it. A turn of which the conversation holds nothing tells only
    /// with what it began. A stale answer of the ladder tells nothing about itself.
    /// </summary>
    internal const string SelectWindow =
        """
        SELECT turn, run_id, agent, question, answer, finished_at IS NULL, status, brought, handed_over, coalesce(degraded = 'stale', false) OR EXISTS (
            SELECT 1 FROM run_events e
            WHERE e.tenant_id = $1 AND e.run_id = r.run_id AND e.events @> '[{"untrusted": true}]'
                AND (e.first_seq = 1 OR r.answer IS NOT NULL OR r.status = 'outcome_unknown'))
        FROM runs r WHERE tenant_id = $1 AND session_id = $2 AND turn IS NOT NULL
        ORDER BY turn DESC LIMIT $3
        """;

    /// <summary>However far back it began; the index of open runs holds few.</summary>
    internal const string SelectOpen =
        """
        SELECT turn, run_id, agent, question, background, status = 'queued'
        FROM runs WHERE tenant_id = $1 AND session_id = $2 AND finished_at IS NULL AND status <> 'awaiting_approval'
        ORDER BY turn
        """;

    private const string SelectAllOpen =
        "SELECT turn, run_id, agent, question, background FROM runs WHERE tenant_id = $1 AND session_id = $2 AND finished_at IS NULL ORDER BY turn";

    /// <summary>
    /// The person saw these words, so the conversation goes on from them, even where the run has, or later gives, an answer of its own: that
    /// one stays in the journal.
    /// </summary>
    private const string UpdateAnswer =
        """
        UPDATE runs SET answer = $4, degraded = $5, told = $6
        WHERE tenant_id = $1 AND run_id = $2 AND session_id = $3
        """;

    /// <summary>
    /// The session as stored. Turns without an answer count in the numbering and in the window, but are no conversation, unless one broke off
    /// while a <c>write</c> was at work.
    /// </summary>
    /// <param name="maxTurns">At most so many turns are read, besides an open one.</param>
    public async Task<SessionSnapshot> LoadAsync(string tenantId, string sessionId, int maxTurns, CancellationToken cancellationToken)
    {
        var window = await BriefOutage.SurviveAsync(token => ReadAsync(tenantId, sessionId, maxTurns, token), cancellationToken);
        if (window.IsCountedShort)
        {
            await repair.RaiseTurnsAsync(tenantId, sessionId, window.Begun, cancellationToken);
            LogCountedShort(logger, sessionId, window.Begun);
        }

        await CloseBrokenAsync(tenantId, sessionId, window, cancellationToken);
        var unknown = window.Finished.Where(turn => turn.IsCutOff).Select(turn => turn.RunId).ToArray();
        var sentences = unknown.Length > 0 ? await cutOff.DescribeAsync(tenantId, unknown, cancellationToken) : null;
        return window.ToSnapshot(maxTurns, sentences);
    }

    /// <summary>A run at work that nobody can go on with must not keep the session.</summary>
    private async Task CloseBrokenAsync(string tenantId, string sessionId, SessionWindow window, CancellationToken cancellationToken)
    {
        if (window.AtWork > 1)
        {
            LogTwoAtWork(logger, sessionId, window.AtWork);
        }

        foreach (var open in window.Open.ToList())
        {
            if (await repair.CloseBrokenAsync(tenantId, open.RunId, cancellationToken) is { } broken)
            {
                window.Open.Remove(open);
                LogClosedBroken(logger, sessionId, open.RunId, broken);
            }
        }
    }

    private async Task<SessionWindow> ReadAsync(string tenantId, string sessionId, int maxTurns, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.For(tenantId).CreateBatch();
        batch.Add(Command(SelectSession, Text(tenantId), Text(sessionId)));
        batch.Add(Command(SelectWindow, Text(tenantId), Text(sessionId), new NpgsqlParameter<int> { TypedValue = maxTurns + 1 }));
        batch.Add(Command(SelectOpen, Text(tenantId), Text(sessionId)));

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var window = new SessionWindow();
        if (await reader.ReadAsync(cancellationToken))
        {
            window.Counted = reader.GetInt32(0);
            window.Summary = reader.IsDBNull(1) ? null : new ConversationSummary(reader.GetString(1), reader.GetInt32(2));
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            window.Add(new WindowRow(
                reader.GetInt32(0),
                reader.GetGuid(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetBoolean(5),
                reader.GetString(6))
            {
                Brought = Json<IReadOnlyList<BroughtMessage>>(reader, 7),
                HandedOver = Json<IReadOnlyList<ToolCall>>(reader, 8),
                Untrusted = reader.GetBoolean(9),
            });
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            window.Add(ReadOpen(reader), reader.GetBoolean(5));
        }

        return window;
    }

    private static T? Json<T>(NpgsqlDataReader row, int column)
        where T : class =>
        row.IsDBNull(column) ? null : JsonSerializer.Deserialize<T>(row.GetString(column), WireJson.Options);

    /// <summary>Every run of the session that has not ended, those that wait for a person among them.</summary>
    public async Task<IReadOnlyList<OpenTurn>> OpenAsync(string tenantId, string sessionId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.For(tenantId).CreateCommand(SelectAllOpen);
        command.Parameters.Add(Text(tenantId));
        command.Parameters.Add(Text(sessionId));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var open = new List<OpenTurn>();
        while (await reader.ReadAsync(cancellationToken))
        {
            open.Add(ReadOpen(reader));
        }

        return open;
    }

    /// <summary>Makes what the ladder told the person the turn's answer.</summary>
    /// <returns>False when the session has no such run.</returns>
    public async Task<bool> RecordToldAnswerAsync(ToldAnswer told, CancellationToken cancellationToken)
    {
        await using var command = dataSource.For(told.TenantId).CreateCommand(UpdateAnswer);
        command.Parameters.Add(Text(told.TenantId));
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = told.RunId });
        command.Parameters.Add(Text(told.SessionId));
        command.Parameters.Add(Text(told.Answer));
        command.Parameters.Add(Text(told.Level));
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)told.Label?.GetRawText() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb });
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private static OpenTurn ReadOpen(NpgsqlDataReader reader) =>
        new(reader.GetGuid(1), reader.GetInt32(0), reader.GetString(2), reader.GetString(3), reader.GetBoolean(4));

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

    [LoggerMessage(EventId = 1, EventName = "session_counter_repaired", Level = LogLevel.Warning, Message = "Session {SessionId} counted fewer turns than it has; it counts {Turns} now")]
    private static partial void LogCountedShort(ILogger logger, string sessionId, int turns);

    [LoggerMessage(EventId = 2, EventName = "session_two_at_work", Level = LogLevel.Warning, Message = "Session {SessionId} has {Runs} runs at work; they are taken up in the order of their turns")]
    private static partial void LogTwoAtWork(ILogger logger, string sessionId, int runs);

    [LoggerMessage(EventId = 3, EventName = "broken_run_closed", Level = LogLevel.Error, Message = "Session {SessionId}: run {RunId} cannot be read back ({Broken}) and is closed as failed")]
    private static partial void LogClosedBroken(ILogger logger, string sessionId, Guid runId, string broken);
}
