using System.Globalization;
using AgentPlatform.Tests.Fuzzing;
using Spectre.Console;

namespace AgentPlatform.Benchmarks.Fuzz;

/// <summary>The tables of a fuzz run, as Markdown.</summary>
internal static class FuzzReport
{
    private const int ShownFaults = 10;

    public static void Print(IReadOnlyList<(string Door, FuzzCampaign Campaign)> campaigns, IReadOnlyList<MemoryMark> memory, int brokenLines)
    {
        // A table that was cut to a terminal's width could not be pasted anywhere.
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No });
        console.Profile.Width = 300;
        var answers = new Table().MarkdownBorder();
        answers.AddColumns("", "requests", "answers", "slowest", "faults of the server or late");
        foreach (var (door, campaign) in campaigns)
        {
            answers.AddRow(
                door,
                Text(campaign.Answers.Values.Sum()),
                string.Join(", ", campaign.Answers.OrderBy(answer => answer.Key, StringComparer.Ordinal).Select(answer => $"{answer.Key}: {answer.Value}")),
                $"{campaign.Slowest.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)} s",
                Text(campaign.Faults.Count));
        }

        console.Write(answers);
        var marks = new Table().MarkdownBorder();
        marks.AddColumns(["resident memory after", .. memory.Select(mark => Text(mark.Requests))]);
        marks.AddRow(["API", .. memory.Select(mark => Megabytes(mark.Api))]);
        marks.AddRow(["executor", .. memory.Select(mark => Megabytes(mark.Executor))]);
        console.Write(marks);
        Console.WriteLine($"Lines of the logs that are no JSON object: {brokenLines}");
        foreach (var fault in campaigns.SelectMany(campaign => campaign.Campaign.Faults).Take(ShownFaults))
        {
            Console.Error.WriteLine(fault);
        }
    }

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Megabytes(double megabytes) => $"{megabytes.ToString("0", CultureInfo.InvariantCulture)} MB";
}
