using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPlatform.Executor.Storage.Migrations
{
    /// <inheritdoc />
    public partial class CallerContext : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "brought",
                table: "runs",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "handed_over",
                table: "runs",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "request_hash",
                table: "runs",
                type: "bytea",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_runs_request_hash",
                table: "runs",
                columns: new[] { "tenant_id", "request_hash", "created_at" },
                filter: "request_hash IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_runs_request_hash",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "brought",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "handed_over",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "request_hash",
                table: "runs");
        }
    }
}
