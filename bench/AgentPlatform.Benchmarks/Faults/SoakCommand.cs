namespace AgentPlatform.Benchmarks.Faults;

/// <summary>Thousands of runs while executors are killed and hang, the cache is emptied, and the database is restarted.</summary>
internal static class SoakCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var options = FaultOptions.Parse(arguments);
        await using var platform = await FaultyPlatform.StartAsync(options, cancellationToken);
        using var load = new RunLoad(platform, options);
        var running = load.RunAsync(CancellationToken.None, cancellationToken);
        var faults = new FaultMaker(platform, options.Seed);
        while (await Task.WhenAny(running, Task.Delay(faults.NextPause(options.Pause), cancellationToken)) != running && load.Accepted < options.Runs)
        {
            await faults.AnyAsync(cancellationToken);
            await Console.Error.WriteLineAsync($"{(faults.Made is [.., var last] ? last : null)}; {load.Ended.Count} runs have ended");
        }

        await running;
        return FaultReport.PrintRuns(platform, load, faults.Made) ? 0 : 1;
    }
}
