namespace AgentPlatform.Executor.Retention;

/// <summary>
/// One batch each. What another executor is sweeping at this moment is passed over, and no statement names a run that is open. Each answers with
/// how many rows of its own kind went.
/// </summary>
internal static class RetentionStatements
{
    /// <summary>Keys live for 24 hours on the database's clock.</summary>
    public const string Keys =
        """
        WITH old AS MATERIALIZED (
            SELECT tenant_id, route, key FROM idempotency_keys
            WHERE created_at < now() - interval '24 hours'
            LIMIT $1 FOR UPDATE SKIP LOCKED
        ), gone AS (
            DELETE FROM idempotency_keys k USING old
            WHERE k.tenant_id = old.tenant_id AND k.route = old.route AND k.key = old.key
            RETURNING 1
        )
        SELECT count(*) FROM gone
        """;

    /// <summary>Ended runs without a session, oldest first, by their own index.</summary>
    public const string Runs =
        $"""
        WITH old AS MATERIALIZED (
            SELECT tenant_id, run_id FROM runs
            WHERE session_id IS NULL AND finished_at IS NOT NULL AND finished_at < $2
            ORDER BY finished_at LIMIT $1 FOR UPDATE SKIP LOCKED
        ), {WithAllOfThem}
        SELECT count(*) FROM gone
        """;

    /// <summary>
    /// Idle sessions, tenant by tenant along the index of their last change: first their runs, in so many rounds as it takes, then the sessions
    /// that have none left. The lock on the session makes a run that begins meanwhile wait, and begin in a session that is new.
    /// </summary>
    public const string Sessions =
        $"""
        WITH RECURSIVE tenants AS (
            (SELECT tenant_id FROM sessions ORDER BY tenant_id LIMIT 1)
            UNION ALL
            SELECT (SELECT s.tenant_id FROM sessions s WHERE s.tenant_id > tenants.tenant_id ORDER BY s.tenant_id LIMIT 1)
            FROM tenants WHERE tenants.tenant_id IS NOT NULL
        ), idle AS MATERIALIZED (
            SELECT s.tenant_id, s.session_id FROM tenants CROSS JOIN LATERAL (
                SELECT tenant_id, session_id FROM sessions
                WHERE sessions.tenant_id = tenants.tenant_id AND updated_at < $2
                  AND NOT EXISTS (
                      SELECT FROM runs r WHERE r.tenant_id = sessions.tenant_id AND r.session_id = sessions.session_id
                        AND (r.finished_at IS NULL OR r.finished_at >= $2))
                ORDER BY updated_at LIMIT $1 FOR UPDATE SKIP LOCKED) AS s
            LIMIT $1
        ), old AS MATERIALIZED (
            SELECT r.tenant_id, r.run_id FROM idle JOIN runs r USING (tenant_id, session_id) LIMIT $1
        ), {WithAllOfThem}, emptied AS (
            DELETE FROM sessions s USING idle
            WHERE s.tenant_id = idle.tenant_id AND s.session_id = idle.session_id
              AND NOT EXISTS (SELECT FROM runs r WHERE r.tenant_id = idle.tenant_id AND r.session_id = idle.session_id)
            RETURNING 1
        )
        SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM emptied)
        """;

    /// <summary>Windows of budgets that are long over; one in which something is still set aside stays until that is settled.</summary>
    public const string BudgetWindows =
        """
        WITH old AS MATERIALIZED (
            SELECT tenant_id, session_id, starts_at, ends_at FROM budget_windows
            WHERE ends_at < $2 AND reserved_runs = 0
            ORDER BY ends_at LIMIT $1 FOR UPDATE SKIP LOCKED
        ), gone AS (
            DELETE FROM budget_windows w USING old
            WHERE w.tenant_id = old.tenant_id AND w.session_id = old.session_id AND w.starts_at = old.starts_at AND w.ends_at = old.ends_at
            RETURNING 1
        )
        SELECT count(*) FROM gone
        """;

    /// <summary>
    /// Events of runs that are gone: of ids from $2 to before $3, tenant by tenant along the key. An executor that lost its run may write one after the removal.
    /// A run and its first events come in one statement, so that nothing here belongs to one that is about to begin.
    /// </summary>
    public const string Orphans =
        """
        WITH RECURSIVE tenants AS (
            (SELECT tenant_id FROM run_events ORDER BY tenant_id LIMIT 1)
            UNION ALL
            SELECT (SELECT e.tenant_id FROM run_events e WHERE e.tenant_id > tenants.tenant_id ORDER BY e.tenant_id LIMIT 1)
            FROM tenants WHERE tenants.tenant_id IS NOT NULL
        ), old AS MATERIALIZED (
            SELECT e.tenant_id, e.run_id, e.first_seq FROM tenants CROSS JOIN LATERAL (
                SELECT tenant_id, run_id, first_seq FROM run_events
                WHERE run_events.tenant_id = tenants.tenant_id AND run_events.run_id >= $2 AND run_events.run_id < $3
                  AND NOT EXISTS (SELECT FROM runs r WHERE r.tenant_id = run_events.tenant_id AND r.run_id = run_events.run_id)
                LIMIT $1) AS e
            LIMIT $1
        ), gone AS (
            DELETE FROM run_events e USING old
            WHERE e.tenant_id = old.tenant_id AND e.run_id = old.run_id AND e.first_seq = old.first_seq
            RETURNING 1
        )
        SELECT count(*) FROM gone
        """;

    /// <summary>The writer has no right to remove one but by this function.</summary>
    public const string AuditEvents = "SELECT expire_audit_events($2, $1)";

    private const string WithAllOfThem =
        """
        gone AS (
            DELETE FROM runs r USING old WHERE r.tenant_id = old.tenant_id AND r.run_id = old.run_id
            RETURNING r.tenant_id, r.run_id
        ), events AS (
            DELETE FROM run_events e USING gone WHERE e.tenant_id = gone.tenant_id AND e.run_id = gone.run_id
        ), outcomes AS (
            DELETE FROM tool_outcomes o USING gone WHERE o.tenant_id = gone.tenant_id AND o.run_id = gone.run_id
        ), keys AS (
            DELETE FROM idempotency_keys k USING gone WHERE k.tenant_id = gone.tenant_id AND k.run_id = gone.run_id
        )
        """;
}
