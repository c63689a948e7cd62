using System.Globalization;
using AgentPlatform.Benchmarks.Stack;
using Spectre.Console;

namespace AgentPlatform.Benchmarks.Stalls;

/// <summary>
/// One thing after the other stops answering: the model's port, its headers, its first token, the middle of its stream, a tool, the database. How long
/// after their timeout do callers wait for an answer, and what do they get?
/// </summary>
internal static class StallsCommand
{
    private const int WarmUp = 100;
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(3.25);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var options = StallOptions.Parse(arguments);
        using var deaf = await DeafServer.StartAsync(cancellationToken);
        await using var model = await StallingModel.StartAsync(cancellationToken);
        var agents = Directory.CreateTempSubdirectory("agentplatform-agents-");
        try
        {
            Write(agents, "chat", "");
            Write(agents, "deaf", "model: deaf");
            Write(agents, "caller", "tools: [silent]");
            await using var stack = await StackUnderLoad.StartAsync($"{model.Url}/v1", executors: 1, Settings(agents.FullName, model, deaf), cancellationToken);
            using var api = new HttpClient { BaseAddress = stack.Address };
            await WarmUpAsync(api, options, cancellationToken);
            var asked = new List<(string Point, StalledQuestion[] Questions)>();
            foreach (var point in StallPoint.OfModelAndTools)
            {
                asked.Add((point.Name, await AskAsync(api, point, options, cancellationToken)));
                await Console.Error.WriteLineAsync($"{point.Name}: done");
            }

            var database = ProcessTree.Of(stack.Resources().Single(resource => resource.Name == "postgres").Pid!.Value);
            database.ToList().ForEach(process => Signals.Send(process, Signals.Stop));
            try
            {
                asked.Add(("database", await AskAsync(api, StallPoint.Database, options, cancellationToken)));
            }
            finally
            {
                database.ToList().ForEach(process => Signals.Send(process, Signals.Continue));
            }

            Print(asked);
            return asked.All(point => point.Questions.All(IsGood)) ? 0 : 1;
        }
        finally
        {
            agents.Delete(recursive: true);
        }
    }

    /// <summary>What is measured is waiting, not the compiling of a process that has just started.</summary>
    private static async Task WarmUpAsync(HttpClient api, StallOptions options, CancellationToken cancellationToken)
    {
        await AskAsync(api, StallPoint.Database, options with { Tries = WarmUp }, cancellationToken);
        await Task.WhenAll(StallPoint.OfModelAndTools.Select(point => AskAsync(api, point, options with { Tries = 1 }, cancellationToken)));
    }

    private static bool IsGood(StalledQuestion question) => question.IsLabelled && question.Over <= Allowed;

    private static async Task<StalledQuestion[]> AskAsync(HttpClient api, StallPoint point, StallOptions options, CancellationToken cancellationToken)
    {
        using var room = new SemaphoreSlim(options.AtOnce);
        return await Task.WhenAll(Enumerable.Range(0, options.Tries).Select(async number =>
        {
            await room.WaitAsync(cancellationToken);
            try
            {
                return await StalledQuestion.AskAsync(api, point, number, options.Timeout, cancellationToken);
            }
            finally
            {
                room.Release();
            }
        }));
    }

    private static Dictionary<string, string> Settings(string agents, StallingModel model, DeafServer deaf) => new()
    {
        ["Agents__Directory"] = agents,
        ["Models__deaf__Endpoint"] = $"{deaf.Url}/v1",
        ["Models__deaf__Model"] = "deaf",
        ["Tools__Http__silent__Description"] = "Never answers.",
        ["Tools__Http__silent__Method"] = "GET",
        ["Tools__Http__silent__Url"] = $"{model.Url}/silent",
        ["Tools__Http__silent__AllowPrivate"] = "true",
    };

    private static void Write(DirectoryInfo agents, string name, string more) => File.WriteAllText(
        Path.Combine(agents.FullName, $"{name}.yaml"), $"name: {name}\ndescription: An agent of the benchmarks.\ninstructions: Answer.\ncache: {{ enabled: false }}\n{more}\n");

    private static void Print(IEnumerable<(string Point, StalledQuestion[] Questions)> asked)
    {
        var table = new Table().MarkdownBorder();
        table.AddColumns("stalled", "n", "in time and labelled", "p50 over the timeout", "max over the timeout", "what callers got");
        foreach (var (point, questions) in asked)
        {
            var over = questions.Select(question => question.Over.TotalSeconds).Order().ToList();
            table.AddRow(
                point,
                Text(questions.Length),
                Text(questions.Count(IsGood)),
                $"{over[over.Count / 2].ToString("0.00", CultureInfo.InvariantCulture)} s",
                $"{over[^1].ToString("0.00", CultureInfo.InvariantCulture)} s",
                string.Join(", ", questions.GroupBy(question => question.Label).OrderByDescending(label => label.Count()).Select(label => $"{label.Key} ({label.Count()})")));
        }

        // A table that was cut to a terminal's width could not be pasted anywhere.
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No });
        console.Profile.Width = 300;
        console.Write(table);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
