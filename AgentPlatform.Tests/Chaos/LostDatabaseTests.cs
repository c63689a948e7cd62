using System.Net;
using System.Text.Json;
using AgentPlatform.Tests.EndToEnd;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.Chaos;

/// <summary>Postgres is gone for ten seconds under load.</summary>
[Collection(SharedChaosStack.Name)]
public sealed class LostDatabaseTests(ChaosStack chaos)
{
    private const int Runs = 30;
    private const int Rounds = 5;
    private const double Timeout = 4;

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(10);

    /// <summary>The ladder has 3 s after the timeout; the rest is for a machine that does much else.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(Timeout + 3 + 3);

    [Fact]
    public async Task Accepted_runs_finish_under_their_owners_and_nobody_waits_past_the_deadline()
    {
        chaos.Thinking = TimeSpan.FromSeconds(1);
        var accepted = await Task.WhenAll(Enumerable.Range(0, Runs).Select(number =>
            chaos.StartRunAsync("counter", $"{Rounds} rounds, number {number}", number % 2 == 0 ? null : $"outage-{number}")));
        await using var clients = new Clients(chaos, count: 10, rounds: 0, Timeout).Start();

        await StopDatabaseAsync(chaos.Stack);
        var ended = await chaos.AllEndedAsync(accepted, TimeSpan.FromSeconds(40));
        await Eventually.TrueAsync(() => clients.Replies.LastOrDefault() is { Status: HttpStatusCode.OK, Degraded: null }, () => $"{clients.Replies.LastOrDefault()?.Body}");
        var replies = await clients.StopAsync();

        Assert.All(ended, run => Assert.Equal(("completed", Rounds / 2), (run.Status, chaos.Effects.Count(ChaosStack.Count, run.Id))));
        Assert.All(replies, reply => Assert.True(
            reply.Took < Longest && reply.Status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{reply.Status} after {reply.Took} {reply.Body}"));
        Assert.Contains(replies, reply => reply is not { Status: HttpStatusCode.OK, Degraded: null });
        foreach (var run in ended)
        {
            var steps = (await chaos.Stack.GetAsync($"/runs/{run.Id}"))["steps"].EnumerateArray().ToList();
            Assert.All(steps.Where(step => Is(step, "run_resumed")), step => Assert.Equal(Executor(steps[0]), Executor(step)));
        }
    }

    private static async Task StopDatabaseAsync(RunningStack stack)
    {
        // Who would start it again sleeps meanwhile.
        Signals.Send(stack.ProcessId, Signals.Stop);
        try
        {
            stack.Signal("postgres", Signals.Interrupt);
            await Task.Delay(Outage, TestContext.Current.CancellationToken);
        }
        finally
        {
            Signals.Send(stack.ProcessId, Signals.Continue);
        }
    }

    private static bool Is(JsonElement step, string type) => step.GetProperty("type").ValueEquals(type);

    private static string? Executor(JsonElement step) => step.GetProperty("executor").GetString();
}
