using AgentPlatform.Executor.Journal;
using AgentPlatform.Tests.Postgres;
using Xunit;

namespace AgentPlatform.Tests.Executor.Journal;

public sealed class JournalOutageTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Appends_survive_cut_connections_and_a_killed_and_a_stopped_server_each_stored_once()
    {
        await using var server = await PostgresServer.StartNewAsync(Cancellation);
        await PostgresFixture.MigrateAsync(server.ConnectionString("agentdb"), Cancellation);
        await using var executor = new JournalUnderTest(server.ConnectionString("agentdb"));
        await executor.StartWriterAsync(Cancellation);
        using var enough = new CancellationTokenSource();
        var acknowledged = 0;
        var runs = Enumerable.Range(0, 32).Select(_ => Task.Run(() => RunAsync(), Cancellation)).ToArray();

        await ProgressAsync();
        await executor.QueryAsync<bool>("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%writer'", Cancellation);
        await ProgressAsync();
        await server.KillAsync();
        await server.StartAsync(Cancellation);
        await ProgressAsync();
        await server.StopAsync();
        await server.StartAsync(Cancellation);
        await ProgressAsync();
        await enough.CancelAsync();

        var appended = (await Task.WhenAll(runs)).Sum();
        Assert.Equal([appended], await executor.QueryAsync<int>("SELECT count(*)::int FROM run_events", Cancellation));

        async Task<int> RunAsync()
        {
            var start = Appends.Start();
            await CommitAsync(start);
            var seq = 1;
            while (!enough.IsCancellationRequested)
            {
                seq++;
                await CommitAsync(Appends.Step(start.RunId, seq));
            }

            return seq;
        }

        async Task CommitAsync(JournalAppend append)
        {
            Assert.Equal(AppendResult.Committed, await executor.Journal.AppendAsync(append, Cancellation));
            Interlocked.Increment(ref acknowledged);
        }

        async Task ProgressAsync()
        {
            var goal = Volatile.Read(ref acknowledged) + 500;
            await Until.TrueAsync(
                () => Volatile.Read(ref acknowledged) >= goal, "500 more appends", Cancellation, () => $"Acknowledged: {acknowledged} of {goal}.");
        }
    }

    [Fact]
    public async Task A_caller_that_gives_up_during_an_outage_is_told_so_and_the_others_are_committed_later()
    {
        await using var server = await PostgresServer.StartNewAsync(Cancellation);
        await PostgresFixture.MigrateAsync(server.ConnectionString("agentdb"), Cancellation);
        await using var executor = new JournalUnderTest(server.ConnectionString("agentdb"));
        await server.StopAsync();
        await executor.StartWriterAsync(Cancellation);
        using var impatient = new CancellationTokenSource();
        var abandoned = executor.Journal.AppendAsync(Appends.Start(), impatient.Token);
        var patient = executor.Journal.AppendAsync(Appends.Start(), Cancellation);
        await Until.TrueAsync(() => !executor.Logs.Lines.IsEmpty, "a failed attempt is logged", Cancellation);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        await server.StartAsync(Cancellation);

        Assert.Equal(AppendResult.Committed, await patient);
    }

    [Fact]
    public async Task A_lost_acknowledgement_is_recognised_as_the_own_earlier_success()
    {
        await using var executor = await JournalUnderTest.StartAsync(postgres, Cancellation);
        var start = Appends.Start();
        await executor.Journal.AppendAsync(start, Cancellation);
        var step = Appends.Step(start.RunId, 2);
        await using (var died = new JournalUnderTest(executor.ConnectionString))
        {
            await died.StartWriterAsync(Cancellation);
            await died.Journal.AppendAsync(step, Cancellation);
        }

        await executor.QueryAsync<bool>("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%writer' AND datname = current_database()", Cancellation);
        Assert.Equal(AppendResult.Committed, await executor.Journal.AppendAsync(step, Cancellation));
        Assert.Equal([2L], await executor.QueryAsync<long>("SELECT count(*) FROM run_events", Cancellation));
    }
}
