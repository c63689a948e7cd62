using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPlatform.Executor.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Durability : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "summary",
                table: "sessions",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "summary_turns",
                table: "sessions",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "parked_until",
                table: "runs",
                type: "timestamp with time zone",
                nullable: true);

            // Rewrites the table, but no earlier version wrote or read a key: it is empty. The bodies are replayed byte for byte, which jsonb cannot.
            migrationBuilder.AlterColumn<string>(
                name: "response",
                table: "idempotency_keys",
                type: "text",
                nullable: true,
                oldClrType: typeof(string),
                oldType: "jsonb",
                oldNullable: true);

            migrationBuilder.CreateTable(
                name: "tool_outcomes",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "text", nullable: false),
                    run_id = table.Column<Guid>(type: "uuid", nullable: false),
                    call_id = table.Column<string>(type: "text", nullable: false),
                    happened = table.Column<bool>(type: "boolean", nullable: false),
                    note = table.Column<string>(type: "text", nullable: true),
                    decided_by = table.Column<string>(type: "text", nullable: true),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tool_outcomes", x => new { x.tenant_id, x.run_id, x.call_id });
                });

            // Both read the table once while its writers wait: about a second for a million runs, and appends ask again after five. Built
            // concurrently they would leave the migration's transaction, and an invalid index where a process dies in between.
            migrationBuilder.CreateIndex(
                name: "ix_runs_finished",
                table: "runs",
                column: "finished_at",
                filter: "session_id IS NULL AND finished_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_runs_parked",
                table: "runs",
                column: "parked_until",
                filter: "finished_at IS NULL AND parked_until IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_idempotency_keys_tenant_id_run_id",
                table: "idempotency_keys",
                columns: new[] { "tenant_id", "run_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "tool_outcomes");

            migrationBuilder.DropIndex(
                name: "ix_runs_finished",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "ix_runs_parked",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "ix_idempotency_keys_tenant_id_run_id",
                table: "idempotency_keys");

            migrationBuilder.DropColumn(
                name: "summary",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "summary_turns",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "parked_until",
                table: "runs");

            // Bodies need not be JSON, so they do not come back; the keys still lead to their runs.
            migrationBuilder.Sql("ALTER TABLE idempotency_keys ALTER COLUMN response TYPE jsonb USING NULL::jsonb");
        }
    }
}
