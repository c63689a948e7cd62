using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Retention;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Executor.Queries;
using AgentPlatform.Tests.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Retention;

public sealed class RetentionTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly DateTimeOffset Old = Now.AddDays(-31);
    private static readonly DateTimeOffset Young = Now.AddDays(-29);

    private NpgsqlDataSource _connections = null!;
    private WriterDataSource _writer = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var connectionString = await postgres.CreateDatabaseAsync(Ending);
        _connections = NpgsqlDataSource.Create(connectionString);
        _writer = new WriterDataSource(connectionString, new StorageOptions());
    }

    public async ValueTask DisposeAsync()
    {
        await _connections.DisposeAsync();
        await _writer.DisposeAsync();
    }

    [Fact]
    public async Task Old_runs_go_with_all_of_theirs_and_young_and_open_ones_stay()
    {
        await StoreRunAsync(Rows.Id(1), Old);
        await StoreRunAsync(Rows.Id(2), Young);
        await StoreRunAsync(Rows.Id(3), finishedAt: null);

        var swept = await Sweep().SweepAsync(Ending);

        Assert.Equal(new Swept(Runs: 1, Sessions: 0, Keys: 0), swept);
        Assert.Equal((0, 2, 2, 2, 2), await CountsAsync());
        Assert.False((await Sweep().SweepAsync(Ending)).Anything);
    }

    [Fact]
    public async Task Idle_sessions_go_as_a_whole_and_those_with_a_young_or_an_open_turn_stay_as_a_whole()
    {
        await StoreSessionAsync("idle", Old, Old, Old, Old);
        await StoreSessionAsync("empty", Old);
        await StoreSessionAsync("asked lately", Young, Old, Young);
        await StoreSessionAsync("open", Old, Old, null);

        var swept = await Sweep(batchSize: 2).SweepAsync(Ending);

        Assert.Equal(new Swept(Runs: 3, Sessions: 2, Keys: 0), swept);
        Assert.Equal((2, 4, 4, 4, 4), await CountsAsync());
    }

    [Fact]
    public async Task Keys_go_after_a_day()
    {
        await using var context = Context();
        context.AddRange(Key("old", Rows.Id(1), Now.AddHours(-25)), Key("young", Rows.Id(2), Now.AddHours(-23)));
        await context.SaveChangesAsync(Ending);

        Assert.Equal(1, (await Sweep().SweepAsync(Ending)).Keys);
        Assert.Equal("young", await context.IdempotencyKeys.AsNoTracking().Select(row => row.Key).SingleAsync(Ending));
    }

    [Fact]
    public async Task Audit_events_go_after_a_year_and_by_nobody_else()
    {
        await using var context = Context();
        context.AddRange(
            new[] { Now.AddDays(-366), Now.AddDays(-364) }.Select(at => new AuditEventEntity { TenantId = "t", EventId = Guid.CreateVersion7(at), At = at, Actor = "key:1", Action = "key_created" }));
        await context.SaveChangesAsync(Ending);

        await Sweep().SweepAsync(Ending);

        Assert.True((await context.AuditEvents.AsNoTracking().SingleAsync(Ending)).At > Now.AddDays(-365));
        foreach (var change in (string[])["DELETE FROM audit_events", "UPDATE audit_events SET actor = 'x'"])
        {
            await using var command = _writer.CreateCommand(change);
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Ending))).SqlState);
        }
    }

    [Fact]
    public async Task Events_whose_run_is_gone_go_a_day_after_it_began()
    {
        await StoreRunAsync(Guid.CreateVersion7(Now.AddHours(-26)), Now.AddHours(-26));
        await using (var context = Context())
        {
            foreach (var hours in (int[])[-60, -30, -25, -23])
            {
                context.Add(Rows.Append(Rows.Run("gone", Guid.CreateVersion7(Now.AddHours(hours))), 3, new RunTimedOut()));
            }

            await context.SaveChangesAsync(Ending);
        }

        await Sweep().SweepAsync(Ending);

        Assert.Equal((0, 1, 2, 1, 1), await CountsAsync());
    }

    [Fact]
    public async Task Executors_sweep_side_by_side_and_pass_over_what_another_holds()
    {
        for (var n = 0; n < 40; n++)
        {
            await StoreRunAsync(Rows.Id(n), Old);
        }

        await using var connection = await _connections.OpenConnectionAsync(Ending);
        await using var holding = await connection.BeginTransactionAsync(Ending);
        await using (var hold = new NpgsqlCommand("SELECT FROM runs ORDER BY finished_at, run_id LIMIT 1 FOR UPDATE", connection, holding))
        {
            await hold.ExecuteNonQueryAsync(Ending);
        }

        var swept = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Sweep(batchSize: 3).SweepAsync(Ending)));

        Assert.Equal(39, swept.Sum(one => one.Runs));
        await holding.RollbackAsync(Ending);
        Assert.Equal(1, (await Sweep().SweepAsync(Ending)).Runs);
    }

    [Fact]
    public async Task Among_many_runs_and_sessions_a_sweep_goes_by_its_indexes()
    {
        await using var fill = _connections.CreateCommand(
            """
            INSERT INTO runs (tenant_id, run_id, session_id, turn, agent, agent_version, status, question, iterations, input_tokens, output_tokens, background, owner, epoch, created_at, finished_at)
            SELECT 't' || n % 7, gen_random_uuid(), CASE WHEN n % 2 = 0 THEN 's' || n END, CASE WHEN n % 2 = 0 THEN 1 END, 'a', 'v', 'completed', 'q', 0, 0, 0, false, gen_random_uuid(), 1, now(), now()
            FROM generate_series(1, 20000) n;
            INSERT INTO sessions (tenant_id, session_id, turns, state_version, created_at, updated_at)
            SELECT 't' || n % 7, 's' || n, 1, 0, now(), now() FROM generate_series(1, 20000) n;
            INSERT INTO run_events (tenant_id, run_id, first_seq, epoch, append_id, events) SELECT tenant_id, run_id, 1, 1, run_id, '[]' FROM runs;
            ANALYZE runs; ANALYZE sessions; ANALYZE run_events
            """);
        await fill.ExecuteNonQueryAsync(Ending);

        Assert.Contains("ix_runs_finished", await PlanAsync(RetentionStatements.Runs), StringComparison.Ordinal);
        var sessions = await PlanAsync(RetentionStatements.Sessions);
        Assert.Contains("ix_sessions_tenant_id_updated_at_session_id", sessions, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan on runs", sessions, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan on run_events", sessions, StringComparison.Ordinal);
        var orphans = await PlanAsync(RetentionStatements.Orphans, Rows.Id(1), Rows.Id(1800));
        Assert.DoesNotContain("Seq Scan", orphans, StringComparison.Ordinal);
        Assert.Matches(@"Index Cond: \(\(tenant_id = \S+\) AND \(run_id >= .*\) AND \(run_id < ", orphans);
    }

    private RetentionSweep Sweep(int batchSize = 100) =>
        new(_writer, TimeProvider.System, Options.Create(new RetentionOptions { BatchSize = batchSize, Pause = TimeSpan.Zero }));

    private AgentDbContext Context() => PostgresFixture.CreateContext(_connections);

    private Task StoreRunAsync(Guid runId, DateTimeOffset? finishedAt) => StoreAsync(Rows.Run("t", runId), finishedAt);

    private async Task StoreAsync(RunEntity run, DateTimeOffset? finishedAt)
    {
        run.FinishedAt = finishedAt;
        await using var context = Context();
        context.AddRange(
            run,
            Rows.Append(run, 1, new RunTimedOut()),
            Key(run.RunId.ToString(), run.RunId, Now),
            new ToolOutcomeEntity { TenantId = "t", RunId = run.RunId, CallId = "c", RecordedAt = Now });
        await context.SaveChangesAsync(Ending);
    }

    private async Task StoreSessionAsync(string sessionId, DateTimeOffset updatedAt, params DateTimeOffset?[] turns)
    {
        await using (var context = Context())
        {
            context.Add(Rows.Session("t", sessionId, turns.Length, updatedAt));
            await context.SaveChangesAsync(Ending);
        }

        for (var turn = 0; turn < turns.Length; turn++)
        {
            await StoreAsync(Rows.Turn("t", sessionId, turn + 1, turns[turn] is null ? RunStatus.Running : RunStatus.Completed), turns[turn]);
        }
    }

    private static IdempotencyKeyEntity Key(string key, Guid runId, DateTimeOffset createdAt) =>
        new() { TenantId = "t", Route = "POST /runs", Key = key, BodyHash = [1], RunId = runId, CreatedAt = createdAt };

    private async Task<(int Sessions, int Runs, int Appends, int Outcomes, int Keys)> CountsAsync()
    {
        await using var context = Context();
        return (
            await context.Sessions.CountAsync(Ending),
            await context.Runs.CountAsync(Ending),
            await context.RunEvents.CountAsync(Ending),
            await context.ToolOutcomes.CountAsync(Ending),
            await context.IdempotencyKeys.CountAsync(Ending));
    }

    private async Task<string> PlanAsync(string sql, params Guid[] ids)
    {
        await using var explain = _writer.CreateCommand($"EXPLAIN {sql}");
        explain.Parameters.Add(new NpgsqlParameter<int> { TypedValue = 200 });
        foreach (var value in ids.Length > 0 ? ids.Cast<object>() : [Old])
        {
            explain.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await using var reader = await explain.ExecuteReaderAsync(Ending);
        var plan = new List<string>();
        while (await reader.ReadAsync(Ending))
        {
            plan.Add(reader.GetString(0));
        }

        return string.Join('\n', plan);
    }
}
