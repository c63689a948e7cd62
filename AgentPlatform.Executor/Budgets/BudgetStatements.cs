namespace AgentPlatform.Executor.Budgets;

/// <summary>
/// The statements of <see cref="BudgetBook"/>. Whoever changes anything locks the windows first, in the order of their key, and looks
/// in a statement of its own after that: what it sees then is what stands, so that decisions for one window are made one after the other and nobody waits in a circle.
/// </summary>
internal static class BudgetStatements
{
    /// <summary>
    /// No commit here waits for the disk. The log is written in order, so a run's first append makes its reservation durable with itself; a reservation that is
    /// lost before belongs to a run that never began. A settlement that is lost is made again, because the reservation is then back too.
    /// </summary>
    public const string WithoutWaiting = "SELECT set_config('synchronous_commit', 'off', true)";

    /// <summary>The windows that are open now: $1 tenant, $2 sessions, $3 lengths in seconds, $4–$6 limits. The origin of lengths is a Monday.</summary>
    private const string Asked =
        """
        asked AS (
            SELECT a.*,
                   coalesce(date_bin(a.length, now(), timestamptz '2001-01-01 00:00+00'), date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC') AS starts_at,
                   coalesce(date_bin(a.length, now(), timestamptz '2001-01-01 00:00+00') + a.length,
                            (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC') AS ends_at
            FROM (
                SELECT session_id, make_interval(secs => seconds) AS length, max_runs, max_tokens, max_cost_usd
                FROM unnest($2, $3, $4, $5, $6) AS b (session_id, seconds, max_runs, max_tokens, max_cost_usd)) AS a
        )
        """;

    private const string IsAsked = "w.tenant_id = $1 AND w.session_id = a.session_id AND w.starts_at = a.starts_at AND w.ends_at = a.ends_at";

    private const string IsReserved = "w.tenant_id = b.tenant_id AND w.session_id = b.session_id AND w.starts_at = b.starts_at AND w.ends_at = b.ends_at";

    /// <summary>Inserts windows that nobody has used yet.</summary>
    public const string OpenWindows =
        $"""
        WITH {Asked}
        INSERT INTO budget_windows (tenant_id, session_id, starts_at, ends_at, used_runs, used_tokens, used_cost_usd, reserved_runs, reserved_tokens, reserved_cost_usd)
        SELECT $1, session_id, starts_at, ends_at, 0, 0, 0, 0, 0, 0 FROM asked ORDER BY session_id
        ON CONFLICT DO NOTHING
        """;

    public const string LockWindows =
        $"""
        WITH {Asked}
        SELECT 1 FROM asked a JOIN budget_windows w ON {IsAsked} ORDER BY w.session_id FOR UPDATE OF w
        """;

    /// <summary>
    /// With the windows locked: nothing for a run that has a reservation or stands in the journal, else all of it or none. $7 run, $8 tokens, $9 US dollars.
    /// Of several budgets that are exceeded the one that lasts longest is named.
    /// </summary>
    public const string Reserve =
        $"""
        WITH {Asked}, held AS MATERIALIZED (
            SELECT max(tokens) AS tokens, max(cost_usd) AS cost_usd FROM budget_reservations
            WHERE tenant_id = $1 AND run_id = $7 AND runs > 0 HAVING count(*) > 0
        ), begun AS MATERIALIZED (
            SELECT 1 FROM runs WHERE tenant_id = $1 AND run_id = $7
        ), exceeded AS MATERIALIZED (
            SELECT w.session_id, w.ends_at, u.*
            FROM asked a JOIN budget_windows w ON {IsAsked} CROSS JOIN LATERAL (VALUES
                ('runs', a.max_runs::numeric, w.used_runs::numeric, w.reserved_runs::numeric, 1::numeric),
                ('tokens', a.max_tokens, w.used_tokens, w.reserved_tokens, $8),
                ('cost_usd', a.max_cost_usd, w.used_cost_usd, w.reserved_cost_usd, $9)) AS u (unit, max, used, reserved, asked)
            WHERE u.used + u.reserved + u.asked > u.max AND NOT EXISTS (SELECT FROM held) AND NOT EXISTS (SELECT FROM begun)
            ORDER BY w.ends_at DESC, w.session_id
            LIMIT 1
        ), granted AS (
            INSERT INTO budget_reservations AS b (tenant_id, run_id, session_id, starts_at, ends_at, runs, tokens, cost_usd, created_at)
            SELECT $1, $7, session_id, starts_at, ends_at, 1, $8, $9, now() FROM asked
            WHERE NOT EXISTS (SELECT FROM held) AND NOT EXISTS (SELECT FROM begun) AND NOT EXISTS (SELECT FROM exceeded)
            ORDER BY session_id
            ON CONFLICT (tenant_id, run_id, session_id) DO UPDATE
                SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, runs = excluded.runs, tokens = excluded.tokens,
                    cost_usd = excluded.cost_usd, created_at = excluded.created_at
                WHERE b.runs = 0
            RETURNING b.tenant_id, b.session_id, b.starts_at, b.ends_at
        ), booked AS (
            UPDATE budget_windows w
            SET reserved_runs = w.reserved_runs + 1, reserved_tokens = w.reserved_tokens + $8, reserved_cost_usd = w.reserved_cost_usd + $9
            FROM granted b WHERE {IsReserved}
        )
        SELECT 3 AS what, 0::bigint AS tokens, 0::numeric AS cost_usd, session_id, unit, max, used, reserved, asked, ends_at,
               ceil(extract(epoch FROM ends_at - now()))::bigint FROM exceeded
        UNION ALL SELECT 1, tokens, cost_usd, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM held
        UNION ALL SELECT 2, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM begun
        UNION ALL (SELECT 4, $8, $9, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM granted LIMIT 1)
        ORDER BY what
        """;

    /// <summary>The windows of a run's reservation: $1 tenant, $2 run.</summary>
    public const string LockReserved =
        $"""
        SELECT 1 FROM budget_reservations b JOIN budget_windows w ON {IsReserved}
        WHERE b.tenant_id = $1 AND b.run_id = $2
        ORDER BY w.session_id, w.starts_at, w.ends_at
        FOR UPDATE OF w
        """;

    /// <summary>A run that has ended: what it really used, by its row, takes the place of what was set aside. Money that could not be counted counts as reserved.</summary>
    public const string Settle =
        $"""
        WITH gone AS (
            DELETE FROM budget_reservations b USING runs r
            WHERE b.tenant_id = $1 AND b.run_id = $2 AND r.tenant_id = b.tenant_id AND r.run_id = b.run_id AND r.finished_at IS NOT NULL
            RETURNING b.*, r.input_tokens + r.output_tokens AS used_tokens, coalesce(r.cost_usd, b.cost_usd) AS used_cost_usd
        )
        UPDATE budget_windows w
        SET used_runs = w.used_runs + 1, used_tokens = w.used_tokens + b.used_tokens, used_cost_usd = w.used_cost_usd + b.used_cost_usd,
            reserved_runs = w.reserved_runs - b.runs, reserved_tokens = w.reserved_tokens - b.tokens, reserved_cost_usd = w.reserved_cost_usd - b.cost_usd
        FROM gone b WHERE {IsReserved}
        """;

    /// <summary>A run that has not begun: what was set aside goes back. The empty reservation stays, so that a start that was only slow is still counted in the end.</summary>
    public const string GiveBack =
        $"""
        WITH held AS MATERIALIZED (
            SELECT * FROM budget_reservations
            WHERE tenant_id = $1 AND run_id = $2 AND runs > 0 AND NOT EXISTS (SELECT FROM runs WHERE tenant_id = $1 AND run_id = $2)
        ), emptied AS (
            UPDATE budget_reservations e SET runs = 0, tokens = 0, cost_usd = 0 FROM held b
            WHERE e.tenant_id = b.tenant_id AND e.run_id = b.run_id AND e.session_id = b.session_id
            RETURNING b.*
        )
        UPDATE budget_windows w
        SET reserved_runs = w.reserved_runs - b.runs, reserved_tokens = w.reserved_tokens - b.tokens, reserved_cost_usd = w.reserved_cost_usd - b.cost_usd
        FROM emptied b WHERE {IsReserved}
        """;

    /// <summary>What nobody took care of: runs that have ended, and, after $2, such as have not begun. At most $1 of them.</summary>
    public const string LeftBehind =
        """
        SELECT DISTINCT b.tenant_id, b.run_id, r.run_id IS NOT NULL
        FROM budget_reservations b LEFT JOIN runs r ON r.tenant_id = b.tenant_id AND r.run_id = b.run_id
        WHERE r.finished_at IS NOT NULL OR (r.run_id IS NULL AND b.runs > 0 AND b.created_at < now() - $2)
        LIMIT $1
        """;

    /// <summary>Empty reservations that wait for a start no longer: a day is more than any start may take.</summary>
    public const string DropEmpty =
        """
        DELETE FROM budget_reservations b
        WHERE b.runs = 0 AND b.created_at < now() - interval '1 day'
          AND NOT EXISTS (SELECT FROM runs r WHERE r.tenant_id = b.tenant_id AND r.run_id = b.run_id)
        """;

    /// <summary>What a session's runs have not settled yet: $1 tenant, $2 session.</summary>
    public const string LeftInSession =
        """
        SELECT DISTINCT r.run_id FROM runs r JOIN budget_reservations b ON b.tenant_id = r.tenant_id AND b.run_id = r.run_id
        WHERE r.tenant_id = $1 AND r.session_id = $2 AND r.finished_at IS NOT NULL
        """;

    /// <summary>How the present windows stand.</summary>
    public const string Standing =
        $"""
        WITH {Asked}
        SELECT a.session_id, a.starts_at, a.ends_at,
               coalesce(w.used_runs, 0)::numeric, coalesce(w.reserved_runs, 0)::numeric, coalesce(w.used_tokens, 0)::numeric,
               coalesce(w.reserved_tokens, 0)::numeric, coalesce(w.used_cost_usd, 0), coalesce(w.reserved_cost_usd, 0)
        FROM asked a LEFT JOIN budget_windows w ON {IsAsked}
        ORDER BY a.session_id
        """;
}
