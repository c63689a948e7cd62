namespace AgentPlatform.Benchmarks.Faults;

/// <summary>
/// Executors are killed and stopped one at a time, with the cluster complete again in between: how long does a run stand still that
/// was at work on the victim?
/// </summary>
internal static class RecoveryCommand
{
    /// <summary>New runs spread over the executor that came back.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var options = FaultOptions.Parse(arguments) with { Runs = int.MaxValue };
        await using var platform = await FaultyPlatform.StartAsync(options, cancellationToken);
        using var load = new RunLoad(platform, options);
        using var metric = new RecoveryMetric(platform);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = load.RunAsync(enough.Token, cancellationToken);
        var collecting = metric.CollectAsync(enough.Token);
        var faults = new FaultMaker(platform, options.Seed);
        foreach (var kind in Enumerable.Repeat(FaultKind.Kill, options.Kills).Concat(Enumerable.Repeat(FaultKind.Stop, options.Stops)))
        {
            await platform.UntilReadyAsync(options.Executors, cancellationToken);
            await Task.Delay(Settle, cancellationToken);
            await (kind == FaultKind.Kill ? faults.KillAsync() : faults.StopAsync(cancellationToken));
            await Console.Error.WriteLineAsync($"{(faults.Made is [.., var last] ? last : null)}; {load.Ended.Count} runs have ended");
            // The board shows the death a moment later.
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }

        await platform.UntilReadyAsync(options.Executors, cancellationToken);
        await Task.Delay(Settle, cancellationToken);
        await enough.CancelAsync();
        await running;
        await collecting;
        var isGood = FaultReport.PrintRuns(platform, load, faults.Made);
        FaultReport.PrintRecoveries([.. Recovery.Of(faults.Made, load.Ended, RecoveryLog.Found(platform))], load.Ended, metric);
        return isGood ? 0 : 1;
    }
}
