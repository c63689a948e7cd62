using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Sessions.Forking;

/// <summary>
/// Makes a session that shares another's past: its turns up to and including a run's, copied in one transaction with their journals and with what people
/// recorded about them. Copies have run ids of their own, so that neither session's removal touches the other; they are hidden, because
/// nobody asked anything twice; and they have ended, so that nothing of them is ever run again.
/// </summary>
internal sealed class SessionForks(ApplicationDataSource dataSource, TimeProvider timeProvider)
{
    /// <summary>Shared with runs that begin meanwhile, exclusive with a removal.</summary>
    private const string Lock = "SELECT 1 FROM sessions WHERE tenant_id = $1 AND session_id = $2 FOR KEY SHARE";

    private const string SelectTurns =
        """
        SELECT t.run_id, t.created_at, t.finished_at IS NULL
        FROM runs t JOIN runs last ON last.tenant_id = t.tenant_id AND last.session_id = t.session_id AND t.turn <= last.turn
        WHERE last.tenant_id = $1 AND last.session_id = $2 AND last.run_id = $3
        """;

    /// <summary>Whoever comes second waits here for the first, and finds it done.</summary>
    private const string InsertSession =
        """
        INSERT INTO sessions (tenant_id, session_id, turns, user_label, metadata, state_version, summary, summary_turns, created_at, updated_at)
        SELECT s.tenant_id, $4, r.turn, s.user_label, s.metadata, 0,
               CASE WHEN s.summary_turns <= r.turn THEN s.summary END, CASE WHEN s.summary_turns <= r.turn THEN s.summary_turns ELSE 0 END, $5, $5
        FROM sessions s JOIN runs r ON r.tenant_id = s.tenant_id AND r.session_id = s.session_id
        WHERE s.tenant_id = $1 AND s.session_id = $2 AND r.run_id = $3
        ON CONFLICT DO NOTHING
        """;

    private const string CopyTurns =
        """
        WITH copies AS (SELECT * FROM unnest($3, $4) AS c (old_id, new_id)),
        events AS (
            INSERT INTO run_events (tenant_id, run_id, first_seq, epoch, append_id, events)
            SELECT e.tenant_id, c.new_id, e.first_seq, e.epoch, gen_random_uuid(),
                   CASE WHEN e.first_seq = 1 THEN jsonb_set(e.events, '{0,session_id}', to_jsonb($2)) ELSE e.events END
            FROM run_events e JOIN copies c ON e.run_id = c.old_id WHERE e.tenant_id = $1
        ),
        outcomes AS (
            INSERT INTO tool_outcomes (tenant_id, run_id, call_id, happened, note, decided_by, recorded_at)
            SELECT o.tenant_id, c.new_id, o.call_id, o.happened, o.note, o.decided_by, o.recorded_at
            FROM tool_outcomes o JOIN copies c ON o.run_id = c.old_id WHERE o.tenant_id = $1
        )
        INSERT INTO runs (tenant_id, run_id, session_id, turn, agent, agent_version, status, question, answer, model, iterations, input_tokens, output_tokens,
                          cost_usd, user_label, metadata, brought, handed_over, background, cached_from, degraded, told, hidden, owner, epoch, created_at, finished_at)
        SELECT r.tenant_id, c.new_id, $2, r.turn, r.agent, r.agent_version, r.status, r.question, r.answer, r.model, r.iterations, r.input_tokens, r.output_tokens,
               r.cost_usd, r.user_label, r.metadata, r.brought, r.handed_over, r.background, r.cached_from, r.degraded, r.told, true, r.owner, r.epoch, r.created_at, r.finished_at
        FROM runs r JOIN copies c ON r.run_id = c.old_id WHERE r.tenant_id = $1
        """;

    public async Task<SessionForkResult> ForkAsync(string tenantId, string sessionId, SessionFork fork, CancellationToken cancellationToken)
    {
        await using var transaction = await dataSource.For(tenantId).BeginAsync(cancellationToken);
        await using var locking = Command(Lock, Text(tenantId), Text(sessionId));
        if (await locking.ExecuteScalarAsync(cancellationToken) is null)
        {
            return SessionForkResult.NotFound;
        }

        var (ids, isOpen) = await TurnsAsync();
        if (ids.Count == 0 || isOpen)
        {
            return isOpen ? SessionForkResult.TurnOpen : SessionForkResult.NotFound;
        }

        await using var session = Command(
            InsertSession, Text(tenantId), Text(sessionId), new NpgsqlParameter<Guid> { TypedValue = fork.RunId }, Text(fork.SessionId),
            new NpgsqlParameter<DateTimeOffset> { TypedValue = timeProvider.GetUtcNow() });
        if (await session.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return SessionForkResult.Forked;
        }

        await using var copy = Command(
            CopyTurns, Text(tenantId), Text(fork.SessionId),
            new NpgsqlParameter<Guid[]> { TypedValue = [.. ids.Select(id => id.Old)] }, new NpgsqlParameter<Guid[]> { TypedValue = [.. ids.Select(id => id.New)] });
        await copy.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return SessionForkResult.Forked;

        async Task<(List<(Guid Old, Guid New)> Ids, bool IsOpen)> TurnsAsync()
        {
            await using var select = Command(SelectTurns, Text(tenantId), Text(sessionId), new NpgsqlParameter<Guid> { TypedValue = fork.RunId });
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            var turns = (Ids: new List<(Guid, Guid)>(), IsOpen: false);
            while (await reader.ReadAsync(cancellationToken))
            {
                // A run's id says when it began, and a copy began when its original did.
                turns.Ids.Add((reader.GetGuid(0), Guid.CreateVersion7(reader.GetFieldValue<DateTimeOffset>(1))));
                turns.IsOpen |= reader.GetBoolean(2);
            }

            return turns;
        }

        NpgsqlCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
        {
            var command = transaction.CreateCommand(sql);
            foreach (var parameter in parameters)
            {
                command.Parameters.Add(parameter);
            }

            return command;
        }
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };
}

/// <summary>What became of a fork.</summary>
internal enum SessionForkResult
{
    /// <summary>The new session stands, now or since before.</summary>
    Forked,

    /// <summary>There is no such session, or it has no turn of that run.</summary>
    NotFound,

    /// <summary>A turn up to there has not ended.</summary>
    TurnOpen,
}
