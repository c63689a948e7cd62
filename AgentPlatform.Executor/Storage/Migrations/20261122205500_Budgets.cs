using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPlatform.Executor.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Budgets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "budget_reservations",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "text", nullable: false),
                    run_id = table.Column<Guid>(type: "uuid", nullable: false),
                    session_id = table.Column<string>(type: "text", nullable: false),
                    starts_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    runs = table.Column<int>(type: "integer", nullable: false),
                    tokens = table.Column<long>(type: "bigint", nullable: false),
                    cost_usd = table.Column<decimal>(type: "numeric", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_budget_reservations", x => new { x.tenant_id, x.run_id, x.session_id });
                });

            migrationBuilder.CreateTable(
                name: "budget_windows",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "text", nullable: false),
                    session_id = table.Column<string>(type: "text", nullable: false),
                    starts_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    used_runs = table.Column<long>(type: "bigint", nullable: false),
                    used_tokens = table.Column<long>(type: "bigint", nullable: false),
                    used_cost_usd = table.Column<decimal>(type: "numeric", nullable: false),
                    reserved_runs = table.Column<long>(type: "bigint", nullable: false),
                    reserved_tokens = table.Column<long>(type: "bigint", nullable: false),
                    reserved_cost_usd = table.Column<decimal>(type: "numeric", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_budget_windows", x => new { x.tenant_id, x.session_id, x.starts_at, x.ends_at });
                });

            migrationBuilder.CreateIndex(
                name: "ix_budget_windows_ends_at",
                table: "budget_windows",
                column: "ends_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "budget_reservations");

            migrationBuilder.DropTable(
                name: "budget_windows");
        }
    }
}
