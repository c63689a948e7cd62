using System.Diagnostics;
using AgentPlatform.Executor.Journal;
using AgentPlatform.Tests.Postgres;
using Xunit;

namespace AgentPlatform.Tests.Executor.Journal;

public sealed class JournalBatchTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Appends_of_many_runs_that_wait_together_share_one_commit()
    {
        await using var executor = new JournalUnderTest(await postgres.CreateDatabaseAsync(Cancellation));
        var appends = Enumerable.Range(0, 200).Select(_ => executor.Journal.AppendAsync(Appends.Start(), Cancellation)).ToArray();

        await executor.StartWriterAsync(Cancellation);

        Assert.All(await Task.WhenAll(appends), result => Assert.Equal(AppendResult.Committed, result));
        Assert.Single(await executor.QueryAsync<string>("SELECT DISTINCT xmin::text FROM runs", Cancellation));
        Assert.Single(await executor.QueryAsync<string>("SELECT DISTINCT xmin::text FROM run_events", Cancellation));
    }

    [Fact]
    public async Task A_batch_stops_at_its_bounds_of_rows_and_of_length()
    {
        var options = new JournalOptions { BatchRows = 4, BatchLength = 10_000 };
        await using var executor = new JournalUnderTest(await postgres.CreateDatabaseAsync(Cancellation), options);
        var small = Enumerable.Range(0, 8).Select(_ => Appends.Start()).ToArray();
        var large = Enumerable.Range(0, 3).Select(_ => Appends.Start(question: new string('q', 6_000))).ToArray();
        var waiting = small.Concat(large).Select(append => executor.Journal.AppendAsync(append, Cancellation)).ToArray();

        await executor.StartWriterAsync(Cancellation);

        Assert.All(await Task.WhenAll(waiting), result => Assert.Equal(AppendResult.Committed, result));
        Assert.Equal([1, 1, 1, 4, 4], await executor.QueryAsync<int>("SELECT count(*)::int FROM runs GROUP BY xmin::text ORDER BY 1", Cancellation));
    }

    [Theory]
    [InlineData(0x0000)]
    [InlineData(0xD83D)]
    public async Task One_append_that_cannot_be_stored_fails_alone(int character)
    {
        var question = $"nul or half a pair: {(char)character}";
        await using var executor = new JournalUnderTest(await postgres.CreateDatabaseAsync(Cancellation));
        var good = Enumerable.Range(0, 5).Select(_ => executor.Journal.AppendAsync(Appends.Start(), Cancellation)).ToArray();
        var bad = executor.Journal.AppendAsync(Appends.Start(question: question), Cancellation);
        var badEvents = executor.Journal.AppendAsync(Appends.Start() with { Events = """[{"text":"\u0000"}]""" }, Cancellation);
        await executor.StartWriterAsync(Cancellation);

        Assert.All(await Task.WhenAll(good), result => Assert.Equal(AppendResult.Committed, result));
        await Assert.ThrowsAsync<UnstorableAppendException>(() => bad);
        await Assert.ThrowsAsync<UnstorableAppendException>(() => badEvents);
        Assert.Equal(AppendResult.Committed, await executor.Journal.AppendAsync(Appends.Start(), Cancellation));
        Assert.Equal([6L], await executor.QueryAsync<long>("SELECT count(*) FROM runs", Cancellation));
    }

    [Fact]
    public async Task A_full_queue_holds_the_caller_back_until_there_is_room()
    {
        var options = new JournalOptions { QueueCapacity = 2 };
        await using var executor = new JournalUnderTest(await postgres.CreateDatabaseAsync(Cancellation), options);
        var appends = Enumerable.Range(0, 10).Select(_ => executor.Journal.AppendAsync(Appends.Start(), Cancellation)).ToArray();
        Assert.Equal(2, executor.Journal.Waiting.Count);

        await executor.StartWriterAsync(Cancellation);

        Assert.All(await Task.WhenAll(appends), result => Assert.Equal(AppendResult.Committed, result));
    }

    [Fact]
    public async Task An_append_withdrawn_before_it_was_sent_is_not_stored()
    {
        await using var executor = new JournalUnderTest(await postgres.CreateDatabaseAsync(Cancellation));
        using var caller = new CancellationTokenSource();
        var withdrawn = executor.Journal.AppendAsync(Appends.Start(), caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => withdrawn);

        await executor.StartWriterAsync(Cancellation);
        await executor.Journal.AppendAsync(Appends.Start(), Cancellation);

        Assert.Equal([1L], await executor.QueryAsync<long>("SELECT count(*) FROM runs", Cancellation));
    }

    [Fact]
    public async Task What_waits_when_the_process_stops_is_still_written()
    {
        var executor = new JournalUnderTest(await postgres.CreateDatabaseAsync(Cancellation));
        var appends = Enumerable.Range(0, 20).Select(_ => executor.Journal.AppendAsync(Appends.Start(), Cancellation)).ToArray();
        await executor.StartWriterAsync(Cancellation);
        await executor.DisposeAsync();

        Assert.All(await Task.WhenAll(appends), result => Assert.Equal(AppendResult.Committed, result));
    }

    [Fact]
    public async Task The_trace_of_an_append_holds_the_commit_and_appends_that_shared_it_link_there()
    {
        var stopped = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "AgentPlatform" or "Npgsql",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (stopped)
                {
                    stopped.Add(activity);
                }
            },
        };
        await using var executor = new JournalUnderTest(await postgres.CreateDatabaseAsync(Cancellation));
        ActivitySource.AddActivityListener(listener);
        var starts = new[] { Appends.Start(), Appends.Start() };
        var appends = starts.Select(start => executor.Journal.AppendAsync(start, Cancellation)).ToArray();
        await executor.StartWriterAsync(Cancellation);
        await Task.WhenAll(appends);

        Activity[] seen;
        lock (stopped)
        {
            seen = [.. stopped];
        }

        var first = Span(starts[0]);
        Assert.Equal(first.Context, Assert.Single(Span(starts[1]).Links).Context);
        Assert.Contains(seen, span => span.Source.Name == "Npgsql" && span.ParentSpanId == first.SpanId);

        Activity Span(JournalAppend append) =>
            Assert.Single(seen, span => span.OperationName == "journal append" && Equals(span.GetTagItem("agent.run_id"), append.RunId));
    }
}
