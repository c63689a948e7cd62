namespace AgentPlatform.Executor.Journal;

/// <summary>
/// The statements of a commit, each over arrays with one element per append. All are insert-only but the closing of ended runs.
/// Each answers with the <c>append_id</c>s it stored; what it does not answer stood already, or lost its place.
/// </summary>
internal static class JournalStatements
{
    /// <summary>
    /// First appends: the row of <c>runs</c>, its first events, and the session it is a turn of. Events and session follow only a row that was
    /// really inserted, so a turn that another run holds already leaves nothing behind. A run that ends as it starts (a cached
    /// answer recorded as a turn) is inserted finished.
    /// </summary>
    public const string Start = """
        WITH input AS (
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)
                AS i (tenant_id, run_id, first_seq, epoch, append_id, events, session_id, turn, agent, agent_version, question, user_label,
                      metadata, background, owner, created_at, brought, request_hash, status, answer, model, iterations, input_tokens, output_tokens,
                      cost_usd, cached_from, finished_at, handed_over)
        ), started AS (
            INSERT INTO runs (tenant_id, run_id, epoch, session_id, turn, agent, agent_version, question, user_label, metadata, background, owner, created_at,
                              brought, request_hash, status, answer, model, iterations, input_tokens, output_tokens, cost_usd, cached_from, finished_at, handed_over)
            SELECT tenant_id, run_id, epoch, session_id, turn, agent, agent_version, question, user_label, metadata, background, owner, created_at,
                   brought, request_hash, status, answer, model, iterations, input_tokens, output_tokens, cost_usd, cached_from, finished_at, handed_over
            FROM input
            ON CONFLICT DO NOTHING
            RETURNING tenant_id, run_id, session_id, turn, user_label, created_at
        ), touched AS (
            INSERT INTO sessions (tenant_id, session_id, turns, user_label, state_version, created_at, updated_at)
            SELECT tenant_id, session_id, max(turn), min(user_label), 0, min(created_at), max(created_at)
            FROM started
            WHERE session_id IS NOT NULL
            GROUP BY tenant_id, session_id
            ON CONFLICT (tenant_id, session_id) DO UPDATE
                SET turns = greatest(sessions.turns, excluded.turns), updated_at = greatest(sessions.updated_at, excluded.updated_at)
        )
        INSERT INTO run_events (tenant_id, run_id, first_seq, epoch, append_id, events)
        SELECT tenant_id, run_id, first_seq, epoch, append_id, events
        FROM input JOIN started USING (tenant_id, run_id)
        ON CONFLICT DO NOTHING
        RETURNING append_id
        """;

    /// <summary>Appends in the middle of a run.</summary>
    public const string Step = """
        INSERT INTO run_events (tenant_id, run_id, first_seq, epoch, append_id, events)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING
        RETURNING append_id
        """;

    /// <summary>Last appends: the events, and the row of <c>runs</c> closed for those that landed; what the ladder told the person meanwhile stays the turn's text. Why no epoch is asked for: <see cref="PostgresJournal"/>.</summary>
    public const string End = """
        WITH input AS (
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
                AS i (tenant_id, run_id, first_seq, epoch, append_id, events, status, answer, model, iterations, input_tokens, output_tokens,
                      cost_usd, cached_from, finished_at, handed_over)
        ), landed AS (
            INSERT INTO run_events (tenant_id, run_id, first_seq, epoch, append_id, events)
            SELECT tenant_id, run_id, first_seq, epoch, append_id, events FROM input
            ON CONFLICT DO NOTHING
            RETURNING append_id
        ), closed AS (
            UPDATE runs r
            SET status = i.status, answer = CASE WHEN r.degraded IS NULL THEN i.answer ELSE r.answer END, model = i.model, iterations = i.iterations, input_tokens = i.input_tokens,
                output_tokens = i.output_tokens, cost_usd = i.cost_usd, cached_from = i.cached_from, finished_at = i.finished_at,
                handed_over = CASE WHEN r.degraded IS NULL THEN i.handed_over END
            FROM input i JOIN landed USING (append_id)
            WHERE r.tenant_id = i.tenant_id AND r.run_id = i.run_id
        )
        SELECT append_id FROM landed
        """;

    /// <summary>What stands where an append was not stored.</summary>
    public const string Standing = """
        SELECT i.place, e.append_id, e.epoch, r.epoch
        FROM unnest($1, $2, $3) WITH ORDINALITY AS i (tenant_id, run_id, first_seq, place)
        LEFT JOIN run_events e ON e.tenant_id = i.tenant_id AND e.run_id = i.run_id AND e.first_seq = i.first_seq
        LEFT JOIN runs r ON r.tenant_id = i.tenant_id AND r.run_id = i.run_id
        """;
}
