using System;
using System.Linq;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPlatform.Executor.Storage.Migrations
{
    /// <inheritdoc />
    public partial class TenantWalls : Migration
    {
        private const string SecurityDefiner = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp";

        /// <summary>Tables of tenants' rows, with what may be done to them for one tenant, and for all of them.</summary>
        private static readonly (string Table, string Application, string Writer)[] Tenants =
        [
            ("sessions", "SELECT, INSERT, UPDATE, DELETE", "SELECT, INSERT, UPDATE, DELETE"),
            ("runs", "SELECT, INSERT, UPDATE, DELETE", "SELECT, INSERT, UPDATE, DELETE"),
            ("run_events", "SELECT, INSERT, DELETE", "SELECT, INSERT, UPDATE, DELETE"),
            ("tool_outcomes", "SELECT, INSERT, DELETE", "SELECT, DELETE"),
            ("idempotency_keys", "SELECT, INSERT, UPDATE, DELETE", "SELECT, UPDATE, DELETE"),
            ("budget_windows", "SELECT, INSERT, UPDATE", "SELECT, UPDATE, DELETE"),
            ("budget_reservations", "SELECT, INSERT, UPDATE, DELETE", "SELECT, DELETE"),
            ("agent_versions", "SELECT, INSERT", null),
            ("tool_pins", "SELECT, INSERT, UPDATE", null),
            ("documents", "SELECT", "SELECT, INSERT, UPDATE, DELETE"),
            ("document_chunks", "SELECT", "SELECT, INSERT, UPDATE, DELETE"),
            ("api_keys", "SELECT (tenant_id, key_id, name, shown, scopes, created_at, expires_at, revoked_at), INSERT, UPDATE (revoked_at)", null),
            ("audit_events", "SELECT, INSERT", null),
        ];

        private static readonly string[] Shared = ["executors", "cluster_silos", "cluster_version"];

        /// <summary>What somebody may have found out who has no right to the table behind it, with who that is.</summary>
        private static readonly (string Function, string Role)[] Functions =
        [
            ("verify_api_key(bytea)", "agent_app"),
            ("executor_is_alive(uuid)", "agent_app"),
            ("search_documents(text[], text[], text[], text, integer, float8[], integer)", "agent_app"),
            ("remove_tenant_rows(integer)", "agent_app"),
            ("analyze_document_chunks()", "agent_writer"),
            ("expire_audit_events(timestamptz, integer)", "agent_writer"),
        ];

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // The executor makes the roles before it migrates; whoever migrates by hand needs them too.
            migrationBuilder.Sql(DatabaseRoles.Create);

            migrationBuilder.CreateTable(
                name: "audit_events",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "text", nullable: false),
                    event_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    actor = table.Column<string>(type: "text", nullable: false),
                    action = table.Column<string>(type: "text", nullable: false),
                    target = table.Column<string>(type: "text", nullable: true),
                    trace_id = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_events", x => new { x.tenant_id, x.event_id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_audit_events_at",
                table: "audit_events",
                column: "at");

            foreach (var (table, application, writer) in Tenants)
            {
                migrationBuilder.Sql(
                    $"""
                    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
                    ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
                    CREATE POLICY one_tenant ON {table} TO agent_app
                        USING (tenant_id = nullif(current_setting('app.tenant', true), ''))
                        WITH CHECK (tenant_id = nullif(current_setting('app.tenant', true), ''));
                    CREATE POLICY bookkeeping ON {table} TO agent_owner, agent_writer USING (true) WITH CHECK (true);
                    GRANT {application} ON {table} TO agent_app;
                    """);
                if (writer is not null)
                {
                    migrationBuilder.Sql($"GRANT {writer} ON {table} TO agent_writer");
                }
            }

            foreach (var table in Shared)
            {
                migrationBuilder.Sql($"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO agent_writer");
            }

            // Every start looks whether there is anything to do.
            migrationBuilder.Sql("""GRANT SELECT ON "__EFMigrationsHistory" TO agent_writer""");

            migrationBuilder.Sql(
                $"""
                CREATE FUNCTION verify_api_key(bytea) RETURNS TABLE (tenant_id text, key_id uuid, name text, scopes text[]) LANGUAGE sql STABLE {SecurityDefiner} AS $f$
                    SELECT k.tenant_id, k.key_id, k.name, k.scopes FROM api_keys k
                    WHERE k.hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
                $f$
                """);
            migrationBuilder.Sql(
                $"""
                CREATE FUNCTION executor_is_alive(uuid) RETURNS boolean LANGUAGE sql STABLE {SecurityDefiner} AS $f$
                    SELECT EXISTS (SELECT FROM executors x WHERE x.id = $1 AND x.lease_until > now())
                $f$
                """);
            migrationBuilder.Sql(
                $"""
                CREATE FUNCTION analyze_document_chunks() RETURNS void LANGUAGE plpgsql {SecurityDefiner} AS $f$
                BEGIN
                    ANALYZE document_chunks;
                END $f$
                """);
            migrationBuilder.Sql(
                $"""
                CREATE FUNCTION expire_audit_events(timestamptz, integer) RETURNS bigint LANGUAGE plpgsql {SecurityDefiner} AS $f$
                DECLARE removed bigint;
                BEGIN
                    DELETE FROM audit_events a USING (SELECT tenant_id, event_id FROM audit_events WHERE at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED) old
                    WHERE a.tenant_id = old.tenant_id AND a.event_id = old.event_id;
                    GET DIAGNOSTICS removed = ROW_COUNT;
                    RETURN removed;
                END $f$
                """);
            migrationBuilder.Sql(
                $"""
                CREATE FUNCTION remove_tenant_rows(integer) RETURNS bigint LANGUAGE plpgsql {SecurityDefiner} AS $f$
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

            // An index search does not come through a policy: its operators are not leakproof. So the function holds itself to the tenant.
            migrationBuilder.Sql(
                $$"""
                CREATE FUNCTION search_documents(text[], text[], text[], text, integer, float8[], integer)
                    RETURNS TABLE (in_folder text, in_path text, at_line integer, under_heading text, passage text, share float8, density float8, weighed float8[])
                    LANGUAGE plpgsql STABLE {{SecurityDefiner}} SET plan_cache_mode = force_custom_plan AS $f$
                DECLARE allowed text[] := ARRAY(SELECT given FROM unnest($1) AS given WHERE given IN ('platform', current_setting('app.tenant', true)));
                BEGIN
                    RETURN QUERY
                WITH total AS (
                    SELECT coalesce(sum(chunks), 0)::float8 AS chunks FROM documents WHERE tenant_id = ANY(allowed) AND folder = ANY($2)
                ), asked AS (
                    SELECT ord, term::tsquery AS query, unknown FROM unnest($3::text[], $6::float8[]) WITH ORDINALITY AS given (term, unknown, ord)
                ), hits AS MATERIALIZED (
                    SELECT asked.ord, hit.id FROM asked CROSS JOIN LATERAL (
                        SELECT chunk.ctid AS id FROM document_chunks chunk
                        WHERE chunk.search @@ asked.query AND chunk.tenant_id = ANY(allowed) AND chunk.folder = ANY($2) LIMIT $7
                    ) hit
                ), found AS (
                    SELECT ord, count(*) AS passages FROM hits GROUP BY ord
                ), weights AS MATERIALIZED (
                    SELECT ord, query, passages >= $7 AS common,
                           ln(1 + (greatest(chunks - coalesce(passages, 0), 0) + 0.5) / (coalesce(passages, 0) + 0.5)) * CASE WHEN passages IS NULL THEN unknown ELSE 1 END AS weight
                    FROM asked CROSS JOIN total LEFT JOIN found USING (ord)
                ), best AS (
                    (SELECT hits.id FROM hits JOIN weights USING (ord) GROUP BY hits.id ORDER BY sum(weight) DESC, hits.id LIMIT $5)
                    UNION
                    (SELECT id FROM (
                        SELECT ctid AS id, search FROM document_chunks
                        WHERE search @@ (SELECT string_agg(query::text, ' & ')::tsquery FROM weights WHERE common) AND tenant_id = ANY(allowed) AND folder = ANY($2) LIMIT $7 / 2
                    ) having_all ORDER BY ts_rank_cd('{0.1, 0.2, 0.4, 1}', search, $4::tsquery) DESC, id LIMIT $5 / 2)
                )
                SELECT chunk.folder, chunk.path, chunk.line, chunk.heading, chunk.content,
                       (SELECT sum(weight) FROM weights WHERE chunk.search @@ query) / (SELECT sum(weight) FROM weights),
                       ts_rank_cd('{0.1, 0.2, 0.4, 1}', chunk.search, $4::tsquery, 32)::float8,
                       (SELECT array_agg(weight ORDER BY ord) FROM weights)
                FROM best JOIN document_chunks chunk ON chunk.ctid = best.id;
                END $f$
                """);

            foreach (var (function, role) in Functions)
            {
                migrationBuilder.Sql(
                    $"""
                    ALTER FUNCTION {function} OWNER TO agent_owner;
                    REVOKE ALL ON FUNCTION {function} FROM PUBLIC;
                    GRANT EXECUTE ON FUNCTION {function} TO {role};
                    """);
            }
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var (function, _) in Functions)
            {
                migrationBuilder.Sql($"DROP FUNCTION {function}");
            }

            migrationBuilder.DropTable(
                name: "audit_events");

            // The roles stay: they are the cluster's.
            foreach (var table in Tenants.Select(tenant => tenant.Table).Except(["audit_events"]))
            {
                migrationBuilder.Sql(
                    $"""
                    DROP POLICY one_tenant ON {table};
                    DROP POLICY bookkeeping ON {table};
                    ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
                    ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
                    REVOKE ALL ON {table} FROM agent_app, agent_writer;
                    """);
            }

            foreach (var table in Shared)
            {
                migrationBuilder.Sql($"REVOKE ALL ON {table} FROM agent_writer");
            }
        }
    }
}
