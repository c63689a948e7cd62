using AgentPlatform.Tests.Postgres;
using Xunit;

namespace AgentPlatform.Tests.Executor.Journal;

public sealed class JournalStressTests(PostgresFixture postgres, ITestOutputHelper output)
{
    private const int Runs = 300;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_accepted_append_is_stored_once_and_in_order_while_connections_die_and_runs_change_hands()
    {
        await using var stress = await JournalStress.StartAsync(postgres, Random.Shared.Next(1_000_000), Cancellation);
        await Parallel.ForEachAsync(
            Enumerable.Range(1, Runs),
            new ParallelOptions { MaxDegreeOfParallelism = 40, CancellationToken = Cancellation },
            async (number, cancellationToken) => await stress.RunAsync(number, cancellationToken));
        output.WriteLine(stress.ToString());

        var rows = await stress.RowsAsync(Cancellation);
        var stored = rows.ToDictionary(row => row.AppendId);
        Assert.All(stress.Accepted, append =>
        {
            Assert.True(stored.TryGetValue(append.AppendId, out var row), $"An accepted append at {append.FirstSeq} of {append.RunId} is not there. {stress}");
            Assert.Equal((append.RunId, append.FirstSeq, append.Epoch), (row.RunId, row.FirstSeq, row.Epoch));
        });

        var accepted = stress.Accepted.Select(append => append.AppendId).ToHashSet();
        Assert.Equal(stress.Accepted.Count, accepted.Count);
        Assert.All(rows, row => Assert.True(
            accepted.Contains(row.AppendId) || stress.Uncertain.ContainsKey(row.AppendId), $"Nobody was told of the row at {row.FirstSeq} of {row.RunId}. {stress}"));

        var runs = rows.GroupBy(row => row.RunId).ToList();
        Assert.Equal(Runs, runs.Count);
        Assert.All(runs, run =>
        {
            Assert.Equal(run.Select((_, index) => index + 1L), run.Select(row => row.FirstSeq));
            Assert.Equal(run.Select(row => row.Epoch).Order(), run.Select(row => row.Epoch));
        });
        Assert.Equal(0, await stress.OpenRunsAsync(Cancellation));
        Assert.All(new[] { "Committed", "Fenced", "given up", "killed" }, one => Assert.True(stress.Met.ContainsKey(one), $"Nothing met '{one}'. {stress}"));
    }
}
