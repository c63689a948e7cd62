using AgentPlatform.Executor.Journal;
using AgentPlatform.Executor.Leases;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Postgres;
using Npgsql;
using NpgsqlTypes;
using Xunit;

namespace AgentPlatform.Tests.Executor.Journal;

/// <summary>With many runs in the tables no statement of the hot path reads a whole table.</summary>
public sealed class JournalPlanTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Closing_looking_up_and_loading_runs_go_by_the_key()
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation);
        await using var database = new WriterDataSource(connectionString, new StorageOptions());
        await using var connection = await database.OpenConnectionAsync(Cancellation);
        await FillAsync(connection);
        var waiting = Enumerable.Range(2, 500).Select(seq => new PendingAppend(Appends.End(Appends.NewId(), seq), activity: null)).ToArray();

        await using var batch = JournalBatch.Create(connection, waiting);
        var end = batch.BatchCommands[0];
        await using var standing = JournalBatch.CreateStanding(connection, waiting);

        await GoesByKeyAsync(end.CommandText, end.Parameters);
        await GoesByKeyAsync(standing.CommandText, standing.Parameters);
        using var load = new NpgsqlCommand(JournalReader.LoadSql);
        load.Parameters.Add(new NpgsqlParameter { Value = Appends.Tenant });
        load.Parameters.Add(new NpgsqlParameter { Value = Appends.NewId() });
        await GoesByKeyAsync(load.CommandText, load.Parameters);
        using var find = new NpgsqlCommand(RunClaims.FindSql);
        find.Parameters.Add(new NpgsqlParameter { Value = RunClaims.BatchSize });
        await GoesByKeyAsync(find.CommandText, find.Parameters);
        using var claim = new NpgsqlCommand(RunClaims.ClaimSql);
        claim.Parameters.Add(new NpgsqlParameter { Value = Appends.Tenant });
        claim.Parameters.Add(new NpgsqlParameter { Value = Appends.NewId() });
        claim.Parameters.Add(new NpgsqlParameter { Value = Appends.NewId() });
        claim.Parameters.Add(new NpgsqlParameter { Value = 1L });
        claim.Parameters.Add(new NpgsqlParameter { Value = false });
        await GoesByKeyAsync(claim.CommandText, claim.Parameters);

        // The driver prepares what repeats; the plan is of that form.
        async Task GoesByKeyAsync(string sql, NpgsqlParameterCollection parameters)
        {
            await using var explain = new NpgsqlCommand($"EXPLAIN {sql}", connection);
            foreach (var parameter in parameters.Select(parameter => parameter.Clone()))
            {
                explain.Parameters.Add(parameter);
            }

            await explain.PrepareAsync(Cancellation);
            var plan = new List<string>();
            for (var time = 0; time < 8; time++)
            {
                plan.Clear();
                await using var rows = await explain.ExecuteReaderAsync(Cancellation);
                while (await rows.ReadAsync(Cancellation))
                {
                    plan.Add(rows.GetString(0));
                }
            }

            Assert.DoesNotContain(plan, line => line.Contains("Seq Scan on runs") || line.Contains("Seq Scan on run_events"));
            Assert.Contains(plan, line => line.Contains("pk_runs") || line.Contains("ix_runs_open_owner"));
        }
    }

    private static async Task FillAsync(NpgsqlConnection connection)
    {
        const string Sql = """
            INSERT INTO runs (tenant_id, run_id, agent, agent_version, status, question, iterations, input_tokens, output_tokens, background,
                              owner, epoch, created_at, finished_at)
            SELECT $1, gen_random_uuid(), 'default', 'v1', 'completed', 'q', 0, 0, 0, false, gen_random_uuid(), 1, now(),
                   CASE WHEN n % 1000 = 0 THEN NULL ELSE now() END
            FROM generate_series(1, 50000) n;
            """;
        await using var fill = new NpgsqlCommand(Sql, connection);
        fill.Parameters.Add(new NpgsqlParameter { Value = Appends.Tenant, NpgsqlDbType = NpgsqlDbType.Text });
        await fill.ExecuteNonQueryAsync(Cancellation);
        await using var events = new NpgsqlCommand(
            "INSERT INTO run_events SELECT tenant_id, run_id, 1, 1, run_id, '[]' FROM runs", connection);
        await events.ExecuteNonQueryAsync(Cancellation);
        await using var analyze = new NpgsqlCommand("SET ROLE none; ANALYZE runs, run_events; SET ROLE agent_writer", connection);
        await analyze.ExecuteNonQueryAsync(Cancellation);
    }
}
