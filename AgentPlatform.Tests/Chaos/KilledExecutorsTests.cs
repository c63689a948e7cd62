using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Tests.EndToEnd;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.Chaos;

/// <summary>Executors are killed for half a minute under two hundred runs: none is lost, nothing is done twice, and every follower sees the whole story once.</summary>
[Collection(SharedChaosStack.Name)]
public sealed class KilledExecutorsTests(ChaosStack chaos)
{
    private const int Runs = 200;
    private const int Rounds = 9;
    private const int Watched = 20;

    private static readonly TimeSpan Thinking = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KillEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KillFor = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task Two_hundred_runs_survive_half_a_minute_of_kills()
    {
        chaos.Thinking = Thinking;
        var killer = new ExecutorKiller(chaos, seed: 3);

        var accepted = await Task.WhenAll(Enumerable.Range(0, Runs).Select(number => StartAsync(chaos, number)));
        var watchers = accepted.Take(Watched).Select((run, number) => new StreamWatcher(chaos.Stack.Http, run.Id, seed: number)).ToList();
        var watching = watchers.Select(watcher => watcher.WatchAsync(TestContext.Current.CancellationToken)).ToList();
        await killer.KillAsync(KillEvery, KillFor, TestContext.Current.CancellationToken);

        Assert.All(await chaos.AllEndedAsync(accepted, Afterwards), run => Assert.True(IsGood(chaos, run), $"{run} with {chaos.Effects.Count(ChaosStack.Count, run.Id)} counted"));
        Assert.DoesNotContain(chaos.Effects.Calls, call => call.Key.Tool == ChaosStack.Book && call.Value > 1);
        Assert.Equal(0, chaos.Effects.Keyless);
        foreach (var (watcher, watched) in watchers.Zip(watching))
        {
            await watched.WaitAsync(Afterwards, TestContext.Current.CancellationToken);
            await watcher.IsWhatAReplayTellsAsync(TestContext.Current.CancellationToken);
        }

        await NothingIsLeftAsync(chaos);
        // More where executors come back faster; these two need none to come back.
        Assert.InRange(killer.Killed.Count, 2, int.MaxValue);
        TestContext.Current.TestOutputHelper?.WriteLine($"killed: {string.Join(", ", killer.Killed)}");
    }

    private static Task<AcceptedRun> StartAsync(ChaosStack chaos, int number) => chaos.StartRunAsync(
        number % 5 == 4 ? "booker" : "counter", $"{Rounds} rounds, number {number}", number % 2 == 0 ? null : $"chaos-{number}");

    /// <summary>A run whose calls may all be repeated has completed with each count once; a booking that broke off may have to be settled by a person.</summary>
    private static bool IsGood(ChaosStack chaos, AcceptedRun run) => run switch
    {
        { Agent: "counter" } => run.Status == "completed" && chaos.Effects.Count(ChaosStack.Count, run.Id) == Rounds / 2,
        { Status: "completed" } => chaos.Effects.Count(ChaosStack.Book, run.Id) == (Rounds / 2 % 2),
        _ => run.Status == "outcome_unknown" && chaos.Effects.Count(ChaosStack.Book, run.Id) <= 1,
    };

    private static async Task NothingIsLeftAsync(ChaosStack chaos)
    {
        var state = "";
        await Eventually.TrueAsync(
            async () =>
            {
                var executors = chaos.ExecutorProcesses.ToList();
                if (executors.Any(executor => executor.State != "ready"))
                {
                    state = string.Join("; ", executors);
                    return false;
                }

                var clusters = await Task.WhenAll(executors.Select(executor => ClusterAsync(chaos, executor)));
                var orphaned = await Task.WhenAll(executors.Select(async executor =>
                    (await chaos.Stack.ScrapeAsync(executor.Name)).Samples.GetValueOrDefault("agent_orphaned_runs")));
                state = $"clusters {string.Join(" | ", clusters)}; orphaned {string.Join(", ", orphaned)}";
                return clusters.Distinct().Count() == 1
                    && JsonDocument.Parse(clusters[0]).RootElement.GetProperty("silos").GetArrayLength() == ChaosStack.Executors
                    && orphaned.All(runs => runs == 0);
            },
            () => state,
            Afterwards);
    }

    private static async Task<string> ClusterAsync(ChaosStack chaos, StackProcess executor)
    {
        using var response = await chaos.Stack.Http.GetAsync(new Uri($"{executor.Address}/health"), TestContext.Current.CancellationToken);
        var health = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return health.GetProperty("cluster").GetRawText();
    }
}
