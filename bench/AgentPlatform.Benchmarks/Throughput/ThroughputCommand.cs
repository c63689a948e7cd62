using AgentPlatform.Benchmarks.Load;
using AgentPlatform.Benchmarks.Stack;
using Npgsql;

namespace AgentPlatform.Benchmarks.Throughput;

/// <summary>
/// Throughput of an uncached run with one tool round, beside the hand-written loop of <see cref="RawLoop"/>, on the same Postgres, the same
/// model server and with the same number of connections. The contenders take turns within each round, so that a machine that is busy
/// with something else slows all of them: judge by the ratio, never by the absolute figures.
/// </summary>
internal static class ThroughputCommand
{
    public const string Platform = "platform";
    public const string Raw = "raw loop";
    public const string CommitsOnly = "its commits alone";

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var options = ThroughputOptions.Parse(arguments);
        await using var model = await CannedModel.StartAsync(cancellationToken);
        await using var stack = await StackUnderLoad.StartAsync(model.BaseUrl, cancellationToken);
        await using var database = await stack.OpenDatabaseAsync("raw_loop", options.Connections + 1, cancellationToken);
        using var platform = new PlatformRuns(stack.Address, options.Connections);
        using var raw = new RawLoop(database, model.BaseUrl, options.Connections);
        await raw.PrepareAsync(cancellationToken);

        var contenders = new (string Name, Func<CancellationToken, Task<bool>> Work)[]
        {
            (Platform, platform.RunAsync),
            (Raw, raw.RunAsync),
            (CommitsOnly, raw.CommitOnlyAsync),
        };
        foreach (var (name, work) in contenders)
        {
            await LoadLoop.RunAsync(options.Connections, name == Platform ? options.WarmUp : options.WarmUp / 15, (_, stop) => work(stop), cancellationToken);
        }

        var rounds = contenders.ToDictionary(contender => contender.Name, _ => new List<Round>());
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var (name, work) in contenders)
            {
                rounds[name].Add(await MeasureAsync(stack, database, options, work, cancellationToken));
            }
        }

        ThroughputReport.Print(options, rounds);
        return rounds[Platform].TrueForAll(round => round.Load.Errors == 0) ? 0 : 1;
    }

    private static async Task<Round> MeasureAsync(
        StackUnderLoad stack, NpgsqlDataSource database, ThroughputOptions options, Func<CancellationToken, Task<bool>> work, CancellationToken cancellationToken)
    {
        var transactions = await TransactionsAsync(database, cancellationToken);
        var before = ThroughputReport.Processes.ToDictionary(name => name, stack.CpuOf);
        var own = Environment.CpuUsage.TotalTime;
        var load = await LoadLoop.RunAsync(options.Connections, options.Duration, (_, stop) => work(stop), cancellationToken);
        var cpu = before.ToDictionary(entry => entry.Key, entry => (stack.CpuOf(entry.Key) - entry.Value).TotalSeconds);
        cpu[ThroughputReport.LoadGenerator] = (Environment.CpuUsage.TotalTime - own).TotalSeconds;
        return new Round(load, await TransactionsAsync(database, cancellationToken) - transactions, cpu);
    }

    /// <summary>Every transaction that writes takes the next number, in whatever database: their difference counts commits exactly.</summary>
    private static async Task<long> TransactionsAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
