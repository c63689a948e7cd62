using System.Globalization;
using Spectre.Console;

namespace AgentPlatform.Benchmarks.Faults;

/// <summary>The tables for <c>docs/operations.md</c>.</summary>
internal static class FaultReport
{
    /// <summary>What became of the runs. True when none was lost and nothing was done twice.</summary>
    public static bool PrintRuns(FaultyPlatform platform, RunLoad load, IReadOnlyList<Fault> faults)
    {
        var runs = load.Ended;
        var lost = load.Accepted - runs.Count + runs.Count(run => run.Status == "lost");
        // A booking that was sent twice, and counting under more keys than there were rounds, are effects that happened twice.
        var doubled = platform.World.Effects.Count(effect => effect.Key.StartsWith("book:", StringComparison.Ordinal) && effect.Value > 1)
            + runs.Count(run => platform.World.Count("count", run.Id) > OutsideWorld.Counts)
            + runs.Count(run => platform.World.Count("book", run.Id) > 1);
        var missing = runs.Count(run => run is { Agent: "counter", Status: "completed" } && platform.World.Count("count", run.Id) != OutsideWorld.Counts);
        var table = new Table().MarkdownBorder();
        table.AddColumns(
            ["runs", .. Enum.GetNames<FaultKind>(), "taken over", "completed", "outcome unknown", "other ends", "lost", "effects doubled", "effects missing", "ladder alone"]);
        table.AddRow(
            [.. new[] { runs.Count }
                .Concat(Enum.GetValues<FaultKind>().Select(kind => faults.Count(fault => fault.Kind == kind)))
                .Concat([
                    runs.Count(run => run.Resumed.Count > 0),
                    runs.Count(run => run.Status == "completed"),
                    runs.Count(run => run.Status == "outcome_unknown"),
                    runs.Count(run => run.Status is not ("completed" or "outcome_unknown" or "lost")),
                    lost, doubled, missing, load.Unrecorded,
                ])
                .Select(figure => figure.ToString(CultureInfo.InvariantCulture))]);
        Write(table);
        foreach (var ends in runs.Where(run => run.Status is not ("completed" or "outcome_unknown")).GroupBy(run => (run.Agent, run.Status)))
        {
            Console.WriteLine($"{ends.Key.Agent} {ends.Key.Status}: {string.Join(" ", ends.Select(run => run.Id).Take(5))}");
        }

        return lost + doubled + missing == 0;
    }

    /// <summary>How long interrupted runs stood still, and where the time went.</summary>
    public static void PrintRecoveries(IReadOnlyList<Recovery> recoveries, IReadOnlyCollection<TrackedRun> runs, RecoveryMetric metric)
    {
        var usual = Percentile([.. runs.Where(run => run is { Waited: not null, Resumed.Count: 0, Agent: "counter" }).Select(run => run.Waited!.Value.TotalSeconds)], 50);
        var table = new Table().MarkdownBorder();
        table.AddColumns("", "faults", "runs", "p50 s", "p99 s", "max s", "to notice p50", "to notice max", "then p50", "then max", "client waits p50", "client waits max");
        foreach (var kind in new[] { FaultKind.Kill, FaultKind.Stop })
        {
            var of = recoveries.Where(recovery => recovery.Fault.Kind == kind).ToList();
            var took = Seconds(of.Select(recovery => recovery.Took));
            var found = Seconds(of.Where(recovery => recovery.Found is not null).Select(recovery => recovery.Found!.Value));
            var then = Seconds(of.Where(recovery => recovery.Found is not null).Select(recovery => recovery.Took - recovery.Found!.Value));
            var clients = of.Where(recovery => recovery.Run is { Waited: not null, Resumed.Count: 1, Agent: "counter" })
                .Select(recovery => recovery.Run.Waited!.Value.TotalSeconds - usual).Order().ToList();
            table.AddRow(
            [
                kind.ToString(), of.Select(recovery => recovery.Fault).Distinct().Count().ToString(CultureInfo.InvariantCulture), took.Count.ToString(CultureInfo.InvariantCulture),
                .. new[]
                {
                    Percentile(took, 50), Percentile(took, 99), Percentile(took, 100), Percentile(found, 50), Percentile(found, 100),
                    Percentile(then, 50), Percentile(then, 100), Percentile(clients, 50), Percentile(clients, 100),
                }.Select(seconds => seconds.ToString("0.0", CultureInfo.InvariantCulture)),
            ]);
        }

        Write(table);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"agent_recovery_seconds: p50 <= {metric.Percentile(50):0.##} s, p99 <= {metric.Percentile(99):0.##} s. An undisturbed client waits {usual:0.0} s."));
    }

    private static List<double> Seconds(IEnumerable<TimeSpan> times) => [.. times.Select(time => time.TotalSeconds).Order()];

    private static double Percentile(List<double> sorted, double percent) =>
        sorted.Count == 0 ? double.NaN : sorted.Order().ElementAt((int)Math.Ceiling((sorted.Count - 1) * percent / 100));

    private static void Write(Table table)
    {
        // A table that was cut to a terminal's width could not be pasted anywhere.
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No });
        console.Profile.Width = 300;
        console.Write(table);
    }
}
