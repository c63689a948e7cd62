using System.Globalization;
using Spectre.Console;

namespace AgentPlatform.Benchmarks.Overload;

/// <summary>The measurements beside the bars they have to meet.</summary>
internal static class OverloadReport
{
    private const double LongestRefusalMs = 100;
    private const double RefusalRatio = 5;
    private const double DeadlineShare = 0.99;
    private const double MemoryRatio = 1.2;
    private static readonly TimeSpan RecoverWithin = TimeSpan.FromSeconds(5);

    /// <returns>Whether every bar was met.</returns>
    public static bool Print(OverloadOptions options, OverloadResult result)
    {
        var load = result.Overloaded;
        AnsiConsole.WriteLine(Text(
            $"sustained {result.Sustained.PerSecond:0}/s with {options.Concurrent} clients (errors {result.Sustained.Errors}, p50 {result.Sustained.Milliseconds(50):0} ms); offered {result.OfferedRate:0}/s, sent {load.Offered / options.Duration.TotalSeconds:0}/s for {options.Duration.TotalSeconds:0} s, nice {options.Nice}"));
        AnsiConsole.WriteLine(Text(
            $"answered {load.Answered} (degraded {load.Degraded}), p50/p95/p99 {List(load.AnswerMs)} ms; refused {load.Refused}, p50/p95/p99 {List(load.RefusalMs)} ms; unloaded 404 p50/p95/p99 {List(result.Unloaded.NotFoundMs)} ms; other {load.Other} {load.FirstOther}"));

        var table = new Table().Border(TableBorder.Markdown).AddColumns("", "measured", "bar", "");
        var good = true;
        Row("refusals p95", Text($"{result.RefusalP95:0.0} ms"), Text($"{LongestRefusalMs:0} ms"), result.RefusalP95 <= LongestRefusalMs);
        Row("… by that of an unloaded 404", Text($"{result.RefusalP95 / result.UnloadedP95:0.0} ×"), Text($"{RefusalRatio:0} ×"), result.RefusalP95 <= RefusalRatio * result.UnloadedP95);
        Row("accepted answers in time", Text($"{100 * result.KeptDeadline:0.00} %"), Text($"{100 * DeadlineShare:0} %"), result.KeptDeadline >= DeadlineShare);
        foreach (var process in OverloadCommand.Processes)
        {
            Row(
                $"memory of {process}, end by a third",
                Text($"{result.EarlyMemory[process]:0} → {result.LateMemory[process]:0} MB, {result.GrowthOf(process):0.00} ×"),
                Text($"{MemoryRatio:0.0} ×"),
                result.GrowthOf(process) <= MemoryRatio);
        }

        Row("normal again after", result.Recovered is { } after ? Text($"{after.TotalSeconds:0.0} s") : "never", Text($"{RecoverWithin.TotalSeconds:0} s"), result.Recovered <= RecoverWithin);
        Row("neither answered nor refused", Text($"{load.Other}"), "0", load.Other == 0);
        AnsiConsole.Write(table);
        return good;

        void Row(string what, string measured, string bar, bool met)
        {
            good &= met;
            table.AddRow(what, measured, bar, met ? "met" : "MISSED");
        }
    }

    private static string List(double[] values) => string.Join('/', values.Select(value => value.ToString("0.0", CultureInfo.InvariantCulture)));

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
