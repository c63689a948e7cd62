using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Journal;
using AgentPlatform.Tests.Postgres;
using Xunit;

namespace AgentPlatform.Tests.Executor.Journal;

public sealed class JournalAppendTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_is_read_back_as_it_was_appended()
    {
        await using var executor = await JournalUnderTest.StartAsync(postgres, Cancellation);
        var start = Appends.Start(session: "s1", turn: 1);

        Assert.Equal(AppendResult.Committed, await executor.Journal.AppendAsync(start, Cancellation));
        Assert.Equal(AppendResult.Committed, await executor.Journal.AppendAsync(Appends.Step(start.RunId, 2), Cancellation));
        Assert.Equal(AppendResult.Committed, await executor.Journal.AppendAsync(Appends.End(start.RunId, 3), Cancellation));

        var run = await executor.Journal.LoadAsync(Appends.Tenant, start.RunId, Cancellation);
        Assert.NotNull(run);
        Assert.Equal([1, 2, 3], run.Events.Select(entry => entry.Seq));
        Assert.Equal("What is 2 + 2?", Assert.IsType<RunStarted>(run.Events[0]).Question);
        Assert.Equal("4", Assert.IsType<RunCompleted>(run.Events[2]).Answer);
        Assert.Equal(1, run.Epoch);
        Assert.Equal(start.Start!.Owner, run.Owner);
        Assert.Equal(
            ["completed|4|builtin|1|10|2|0.000125|ada|t"],
            await executor.QueryAsync<string>(
                "SELECT concat_ws('|', status, answer, model, iterations, input_tokens, output_tokens, cost_usd, user_label, finished_at IS NOT NULL) FROM runs",
                Cancellation));
    }

    [Fact]
    public async Task A_run_that_never_started_is_absent_and_another_tenant_sees_nothing()
    {
        await using var executor = await JournalUnderTest.StartAsync(postgres, Cancellation);
        var start = Appends.Start();
        await executor.Journal.AppendAsync(start, Cancellation);

        Assert.Null(await executor.Journal.LoadAsync(Appends.Tenant, Appends.NewId(), Cancellation));
        Assert.Null(await executor.Journal.LoadAsync("t2", start.RunId, Cancellation));
    }

    [Fact]
    public async Task The_same_append_again_is_committed_and_stored_once()
    {
        await using var executor = await JournalUnderTest.StartAsync(postgres, Cancellation);
        var start = Appends.Start();
        var end = Appends.End(start.RunId, 2);
        foreach (var append in new[] { start, start, end, end })
        {
            Assert.Equal(AppendResult.Committed, await executor.Journal.AppendAsync(append, Cancellation));
        }

        Assert.Equal([2L], await executor.QueryAsync<long>("SELECT count(*) FROM run_events", Cancellation));
    }

    [Fact]
    public async Task An_append_to_a_taken_place_is_superseded_while_its_epoch_is_current()
    {
        await using var executor = await JournalUnderTest.StartAsync(postgres, Cancellation);
        var start = Appends.Start();
        await executor.Journal.AppendAsync(start, Cancellation);
        await executor.Journal.AppendAsync(Appends.Step(start.RunId, 2), Cancellation);

        Assert.Equal(AppendResult.Superseded, await executor.Journal.AppendAsync(Appends.Step(start.RunId, 2), Cancellation));
        Assert.Equal(AppendResult.Superseded, await executor.Journal.AppendAsync(Appends.End(start.RunId, 2), Cancellation));
        Assert.Equal(AppendResult.Superseded, await executor.Journal.AppendAsync(Appends.Start(start.RunId), Cancellation));
        Assert.Equal(["running"], await executor.QueryAsync<string>("SELECT status FROM runs", Cancellation));
    }

    [Fact]
    public async Task After_a_takeover_the_newcomer_is_superseded_by_a_late_fact_and_the_old_owner_is_fenced_for_good()
    {
        await using var executor = await JournalUnderTest.StartAsync(postgres, Cancellation);
        var start = Appends.Start();
        await executor.Journal.AppendAsync(start, Cancellation);
        await executor.QueryAsync<long>("UPDATE runs SET epoch = 2", Cancellation);

        // The newcomer has loaded seq 1; the old owner's last fact lands first.
        Assert.Equal(AppendResult.Committed, await executor.Journal.AppendAsync(Appends.Step(start.RunId, 2, epoch: 1), Cancellation));
        Assert.Equal(AppendResult.Superseded, await executor.Journal.AppendAsync(Appends.Step(start.RunId, 2, epoch: 2), Cancellation));
        Assert.Equal(AppendResult.Committed, await executor.Journal.AppendAsync(Appends.Step(start.RunId, 3, epoch: 2), Cancellation));
        Assert.Equal(AppendResult.Fenced, await executor.Journal.AppendAsync(Appends.Step(start.RunId, 3, epoch: 1), Cancellation));
        Assert.Equal(AppendResult.Fenced, await executor.Journal.AppendAsync(Appends.End(start.RunId, 2, epoch: 1), Cancellation));
    }

    [Fact]
    public async Task A_terminal_event_that_landed_closes_the_run_even_under_an_old_epoch()
    {
        await using var executor = await JournalUnderTest.StartAsync(postgres, Cancellation);
        var start = Appends.Start();
        await executor.Journal.AppendAsync(start, Cancellation);
        await executor.QueryAsync<long>("UPDATE runs SET epoch = 2", Cancellation);

        Assert.Equal(AppendResult.Committed, await executor.Journal.AppendAsync(Appends.End(start.RunId, 2, epoch: 1), Cancellation));

        Assert.Equal(AppendResult.Superseded, await executor.Journal.AppendAsync(Appends.Step(start.RunId, 2, epoch: 2), Cancellation));
        Assert.Equal(["completed"], await executor.QueryAsync<string>("SELECT status FROM runs WHERE finished_at IS NOT NULL", Cancellation));
    }

    [Fact]
    public async Task Two_runs_for_one_turn_leave_one_and_the_other_is_superseded_without_a_trace()
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation);
        await using var executor = new JournalUnderTest(connectionString);
        var first = executor.Journal.AppendAsync(Appends.Start(session: "s1", turn: 1), Cancellation);
        var second = executor.Journal.AppendAsync(Appends.Start(session: "s1", turn: 1), Cancellation);
        var other = executor.Journal.AppendAsync(Appends.Start(session: "s2", turn: 1), Cancellation);
        await executor.StartWriterAsync(Cancellation);

        Assert.Equal(
            [AppendResult.Committed, AppendResult.Committed, AppendResult.Superseded],
            (await Task.WhenAll(first, second, other)).Order());
        Assert.Equal(AppendResult.Committed, await other);
        Assert.Equal([2L], await executor.QueryAsync<long>("SELECT count(*) FROM runs", Cancellation));
        Assert.Equal([2L], await executor.QueryAsync<long>("SELECT count(*) FROM run_events", Cancellation));
    }

    [Fact]
    public async Task A_session_counts_its_turns_and_keeps_its_beginning()
    {
        await using var executor = await JournalUnderTest.StartAsync(postgres, Cancellation);
        for (var turn = 1; turn <= 3; turn++)
        {
            await executor.Journal.AppendAsync(Appends.Start(session: "s1", turn: turn), Cancellation);
        }

        Assert.Equal(["s1|3|ada"], await executor.QueryAsync<string>("SELECT concat_ws('|', session_id, turns, user_label) FROM sessions", Cancellation));
    }

    [Fact]
    public async Task A_run_that_ends_as_it_starts_is_stored_finished()
    {
        await using var executor = await JournalUnderTest.StartAsync(postgres, Cancellation);
        var source = Appends.NewId();
        var hit = Appends.Start(session: "s1", turn: 1) with { End = Appends.Ended() with { CachedFrom = source } };

        Assert.Equal(AppendResult.Committed, await executor.Journal.AppendAsync(hit, Cancellation));

        Assert.Equal([source], await executor.QueryAsync<Guid>("SELECT cached_from FROM runs WHERE status = 'completed' AND finished_at IS NOT NULL", Cancellation));
    }
}
