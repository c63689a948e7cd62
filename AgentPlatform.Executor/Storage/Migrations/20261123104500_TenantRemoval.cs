using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPlatform.Executor.Storage.Migrations
{
    /// <inheritdoc />
    public partial class TenantRemoval : Migration
    {
        private const string SecurityDefiner = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp";

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // What there is room for after the runs goes to what comes next; so the keys, last, go only when nothing else is left. Runs take their usage into
            // the tenant's budgets, whose windows stay until they are over: numbers alone.
            migrationBuilder.Sql(
                $"""
                CREATE FUNCTION remove_tenant_data(most integer, OUT removed bigint, OUT forgotten text[]) LANGUAGE plpgsql {SecurityDefiner} AS $f$
                DECLARE
                    whose text := nullif(current_setting('app.tenant', true), '');
                    room bigint := most;
                    gone bigint;
                    emptied text[];
                BEGIN
                    IF whose IS NULL OR whose = 'platform' THEN
                        RAISE EXCEPTION 'There is no tenant whose rows could be removed.';
                    END IF;
                    PERFORM pg_advisory_xact_lock(hashtext('remove_tenant_data'), hashtext(whose));
                    PERFORM 1 FROM budget_windows w WHERE w.tenant_id = whose AND EXISTS (
                        SELECT FROM budget_reservations b WHERE b.tenant_id = whose AND b.session_id = w.session_id AND b.starts_at = w.starts_at AND b.ends_at = w.ends_at)
                    ORDER BY w.session_id, w.starts_at, w.ends_at FOR UPDATE;

                    WITH ended AS (
                        DELETE FROM runs r USING (SELECT run_id FROM runs WHERE tenant_id = whose AND finished_at IS NOT NULL LIMIT room) old
                        WHERE r.tenant_id = whose AND r.run_id = old.run_id
                        RETURNING r.run_id, r.session_id, r.input_tokens + r.output_tokens AS tokens, r.cost_usd
                    ), events AS (
                        DELETE FROM run_events e USING ended WHERE e.tenant_id = whose AND e.run_id = ended.run_id
                    ), outcomes AS (
                        DELETE FROM tool_outcomes o USING ended WHERE o.tenant_id = whose AND o.run_id = ended.run_id
                    ), keys AS (
                        DELETE FROM idempotency_keys k USING ended WHERE k.tenant_id = whose AND k.run_id = ended.run_id
                    ), settled AS (
                        DELETE FROM budget_reservations b USING ended WHERE b.tenant_id = whose AND b.run_id = ended.run_id
                        RETURNING b.session_id, b.starts_at, b.ends_at, b.runs, b.tokens, b.cost_usd, ended.tokens AS used_tokens, coalesce(ended.cost_usd, b.cost_usd) AS used_cost_usd
                    ), summed AS (
                        SELECT session_id, starts_at, ends_at, count(*) AS used_runs, sum(used_tokens) AS used_tokens, sum(used_cost_usd) AS used_cost_usd,
                               sum(runs) AS runs, sum(tokens) AS tokens, sum(cost_usd) AS cost_usd
                        FROM settled GROUP BY session_id, starts_at, ends_at
                    ), counted AS (
                        UPDATE budget_windows w
                        SET used_runs = w.used_runs + s.used_runs, used_tokens = w.used_tokens + s.used_tokens, used_cost_usd = w.used_cost_usd + s.used_cost_usd,
                            reserved_runs = w.reserved_runs - s.runs, reserved_tokens = w.reserved_tokens - s.tokens, reserved_cost_usd = w.reserved_cost_usd - s.cost_usd
                        FROM summed s
                        WHERE w.tenant_id = whose AND w.session_id = s.session_id AND w.starts_at = s.starts_at AND w.ends_at = s.ends_at
                    )
                    SELECT count(*), coalesce(array_agg(DISTINCT session_id) FILTER (WHERE session_id IS NOT NULL), ARRAY[]::text[]) INTO gone, forgotten FROM ended;
                    room := room - gone;

                    WITH idle AS (
                        DELETE FROM sessions s USING (
                            SELECT session_id FROM sessions o
                            WHERE tenant_id = whose AND NOT EXISTS (SELECT FROM runs r WHERE r.tenant_id = whose AND r.session_id = o.session_id) LIMIT room) old
                        WHERE s.tenant_id = whose AND s.session_id = old.session_id
                        RETURNING s.session_id
                    )
                    SELECT count(*), coalesce(array_agg(session_id), ARRAY[]::text[]) INTO gone, emptied FROM idle;
                    forgotten := forgotten || emptied;
                    room := room - gone;

                    DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(SELECT ctid FROM idempotency_keys WHERE tenant_id = whose LIMIT room));
                    GET DIAGNOSTICS gone = ROW_COUNT;
                    room := room - gone;

                    -- Of runs that are gone; a run and its first events come in one statement.
                    DELETE FROM run_events WHERE ctid = ANY (ARRAY(
                        SELECT e.ctid FROM run_events e WHERE e.tenant_id = whose AND NOT EXISTS (SELECT FROM runs r WHERE r.tenant_id = whose AND r.run_id = e.run_id) LIMIT room));
                    GET DIAGNOSTICS gone = ROW_COUNT;
                    room := room - gone;
                    DELETE FROM tool_outcomes WHERE ctid = ANY (ARRAY(
                        SELECT o.ctid FROM tool_outcomes o WHERE o.tenant_id = whose AND NOT EXISTS (SELECT FROM runs r WHERE r.tenant_id = whose AND r.run_id = o.run_id) LIMIT room));
                    GET DIAGNOSTICS gone = ROW_COUNT;
                    room := room - gone;

                    DELETE FROM budget_reservations WHERE ctid = ANY (ARRAY(SELECT ctid FROM budget_reservations WHERE tenant_id = whose AND session_id <> '' LIMIT room));
                    GET DIAGNOSTICS gone = ROW_COUNT;
                    room := room - gone;
                    DELETE FROM budget_windows WHERE ctid = ANY (ARRAY(
                        SELECT ctid FROM budget_windows WHERE tenant_id = whose AND (session_id <> '' OR (ends_at < now() AND reserved_runs = 0)) LIMIT room));
                    GET DIAGNOSTICS gone = ROW_COUNT;
                    room := room - gone;

                    DELETE FROM audit_events WHERE ctid = ANY (ARRAY(
                        SELECT ctid FROM audit_events WHERE tenant_id = whose AND action NOT IN ('tenant_removal_begun', 'tenant_deleted') LIMIT room));
                    GET DIAGNOSTICS gone = ROW_COUNT;
                    room := room - gone;

                    DELETE FROM api_keys WHERE ctid = ANY (ARRAY(
                        SELECT ctid FROM api_keys WHERE tenant_id = whose AND NOT EXISTS (SELECT FROM runs r WHERE r.tenant_id = whose) LIMIT room));
                    GET DIAGNOSTICS gone = ROW_COUNT;
                    removed := most - room + gone;
                END $f$
                """);
            migrationBuilder.Sql(
                """
                ALTER FUNCTION remove_tenant_data(integer) OWNER TO agent_owner;
                REVOKE ALL ON FUNCTION remove_tenant_data(integer) FROM PUBLIC;
                GRANT EXECUTE ON FUNCTION remove_tenant_data(integer) TO agent_app;
                """);

            // Executors of the version before call it during a rolling deploy.
            migrationBuilder.Sql(
                $"""
                CREATE OR REPLACE FUNCTION remove_tenant_rows(integer) RETURNS bigint LANGUAGE sql {SecurityDefiner} AS $f$
                    SELECT removed FROM remove_tenant_data($1)
                $f$
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                $"""
                CREATE OR REPLACE FUNCTION remove_tenant_rows(integer) RETURNS bigint LANGUAGE plpgsql {SecurityDefiner} AS $f$
                DECLARE
                    whose text := nullif(current_setting('app.tenant', true), '');
                    removed bigint;
                    total bigint;
                BEGIN
                    IF whose IS NULL OR whose = 'platform' THEN
                        RAISE EXCEPTION 'There is no tenant whose rows could be removed.';
                    END IF;
                    WITH gone AS (
                        DELETE FROM runs r USING (SELECT run_id FROM runs WHERE tenant_id = whose AND finished_at IS NOT NULL LIMIT $1) old
                        WHERE r.tenant_id = whose AND r.run_id = old.run_id RETURNING r.run_id
                    ), events AS (
                        DELETE FROM run_events e USING gone WHERE e.tenant_id = whose AND e.run_id = gone.run_id
                    ), outcomes AS (
                        DELETE FROM tool_outcomes o USING gone WHERE o.tenant_id = whose AND o.run_id = gone.run_id
                    )
                    SELECT count(*) INTO total FROM gone;
                    DELETE FROM sessions s WHERE tenant_id = whose AND NOT EXISTS (SELECT FROM runs r WHERE r.tenant_id = whose AND r.session_id = s.session_id);
                    GET DIAGNOSTICS removed = ROW_COUNT;
                    total := total + removed;
                    DELETE FROM idempotency_keys WHERE tenant_id = whose;
                    GET DIAGNOSTICS removed = ROW_COUNT;
                    total := total + removed;
                    DELETE FROM budget_reservations WHERE tenant_id = whose;
                    DELETE FROM budget_windows WHERE tenant_id = whose;
                    DELETE FROM api_keys WHERE tenant_id = whose;
                    GET DIAGNOSTICS removed = ROW_COUNT;
                    total := total + removed;
                    DELETE FROM audit_events a USING (SELECT event_id FROM audit_events WHERE tenant_id = whose LIMIT $1) old
                    WHERE a.tenant_id = whose AND a.event_id = old.event_id;
                    GET DIAGNOSTICS removed = ROW_COUNT;
                    RETURN total + removed;
                END $f$
                """);
            migrationBuilder.Sql("DROP FUNCTION remove_tenant_data(integer)");
        }
    }
}
