using System.Globalization;
using Spectre.Console;

namespace AgentPlatform.Benchmarks.Throughput;

/// <summary>The medians of all rounds as a table, and the ratios round by round.</summary>
internal static class ThroughputReport
{
    public const string LoadGenerator = "load";

    /// <summary>Of the stack, as the AppHost names them.</summary>
    public static readonly string[] Processes = ["api-1", "executor-1", "postgres", "cache"];

    public static void Print(ThroughputOptions options, IReadOnlyDictionary<string, List<Round>> rounds)
    {
        var table = new Table().MarkdownBorder();
        table.AddColumns("", "runs/s", "p50 ms", "p99 ms", "commits/run", "errors");
        table.AddColumns([.. Processes.Append(LoadGenerator).Select(name => $"{name} µs/run")]);
        foreach (var (name, turns) in rounds)
        {
            table.AddRow(
            [
                name,
                Text(turns, round => round.Load.PerSecond, "0"),
                Text(turns, round => round.Load.Milliseconds(50), "0.0"),
                Text(turns, round => round.Load.Milliseconds(99), "0.0"),
                Text(turns, round => round.CommitsPerRun, "0.00"),
                turns.Sum(round => round.Load.Errors).ToString(CultureInfo.InvariantCulture),
                .. Processes.Append(LoadGenerator).Select(process => Text(turns, round => round.MicrosecondsPerRun(process), "0")),
            ]);
        }

        // A table that was cut to a terminal's width could not be pasted anywhere.
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No });
        console.Profile.Width = 240;
        console.Write(table);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Medians of {options.Rounds} interleaved rounds of {options.Duration.TotalSeconds:0} s, {options.Connections} connections, {Environment.ProcessorCount} cores."));
        PrintRatio(console, rounds, ThroughputCommand.Raw);
        PrintRatio(console, rounds, ThroughputCommand.CommitsOnly);
        foreach (var error in rounds.Values.SelectMany(turns => turns).Select(round => round.Load.FirstError).OfType<string>().Distinct())
        {
            console.WriteLine($"An error was: {error}");
        }
    }

    private static void PrintRatio(IAnsiConsole console, IReadOnlyDictionary<string, List<Round>> rounds, string yardstick)
    {
        var ratios = rounds[ThroughputCommand.Platform].Zip(rounds[yardstick], (mine, its) => mine.Load.PerSecond / its.Load.PerSecond).ToList();
        var each = string.Join(", ", ratios.Select(ratio => ratio.ToString("0.00", CultureInfo.InvariantCulture)));
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ThroughputCommand.Platform} / {yardstick}: {Median(ratios):0.00} ({each})"));
    }

    private static string Text(List<Round> turns, Func<Round, double> figure, string format) =>
        Median([.. turns.Select(figure)]).ToString(format, CultureInfo.InvariantCulture);

    private static double Median(List<double> figures)
    {
        var sorted = figures.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
