using Spectre.Console;

namespace AgentPlatform.Benchmarks.Flood;

/// <summary>What the healthy client noticed of each attack, beside the bar.</summary>
internal static class FloodReport
{
    private const double LongestMs = 1000;

    /// <returns>Whether every bar was met.</returns>
    public static bool Print(IReadOnlyList<FloodResult> results)
    {
        var table = new Table().Border(TableBorder.Markdown).AddColumns(
            "attack", "at a time", "in all", "ended as", "question p50 / p99 / max ms", "ready p50 / p99 / max ms", "failed", "API MB before / during / after", "");
        foreach (var result in results)
        {
            table.AddRow(
                result.Name,
                $"{result.Attack?.Held}",
                $"{result.Attack?.Opened}",
                result.Attack?.Summary ?? "",
                Times(result.Probes.Questions),
                Times(result.Probes.Looks),
                $"{result.Probes.Failed}",
                FormattableString.Invariant($"{result.Before:0} / {result.During:0} / {result.After:0}"),
                IsMet(result) ? "met" : "MISSED");
            if (result.Probes.FirstFailure is { } failure)
            {
                Console.Error.WriteLine($"{result.Name}: {failure}");
            }
        }

        AnsiConsole.Profile.Width = 400;
        AnsiConsole.Write(table);
        return results.All(IsMet);
    }

    private static bool IsMet(FloodResult result) => result.Probes.P99 <= LongestMs && result.Probes.Failed == 0;

    private static string Times(List<double> times) =>
        FormattableString.Invariant($"{Probes.Percentile(times, 50):0.0} / {Probes.Percentile(times, 99):0.0} / {times.Max():0.0}");
}
