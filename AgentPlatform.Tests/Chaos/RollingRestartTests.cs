using System.Net;
using AgentPlatform.Tests.EndToEnd;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.Chaos;

/// <summary>A new version is rolled out while people ask: nobody notices.</summary>
[Collection(SharedChaosStack.Name)]
public sealed class RollingRestartTests(ChaosStack chaos)
{
    private const int Askers = 10;

    [Fact]
    public async Task Executors_that_are_stopped_one_after_the_other_hand_over_without_one_degraded_answer()
    {
        chaos.Thinking = TimeSpan.FromMilliseconds(200);
        await using var clients = new Clients(chaos, Askers, rounds: 2, timeout: 30).Start();

        foreach (var executor in chaos.ExecutorProcesses.Select(process => process.Name).ToList())
        {
            await Eventually.TrueAsync(HasAnsweredSince(clients), () => $"only {clients.Replies.Count} answers");
            await chaos.Stack.EndAndAwaitReturnAsync(executor, Signals.Terminate);
        }

        var replies = await clients.StopAsync();
        Assert.All(replies, reply => Assert.True(reply is { Status: HttpStatusCode.OK } && reply.Degraded is null, Describe(chaos.Stack, reply)));
        Assert.Equal(0, chaos.Effects.Keyless);
    }

    /// <summary>The reply, and what the services say about its run.</summary>
    private static string Describe(RunningStack stack, StackReply reply) => string.Join(
        Environment.NewLine,
        stack.Processes.Keys.Where(name => name.StartsWith("api", StringComparison.Ordinal) || name.StartsWith("executor", StringComparison.Ordinal))
            .SelectMany(name => stack.LogLines(name, reply.Body.TryGetProperty("run_id", out var runId) ? runId.ToString() : "").Select(line => $"{name} {line}"))
            .Prepend($"{reply.Status} {reply.Body}"));

    /// <summary>Each executor goes while everybody is at work.</summary>
    private static Func<bool> HasAnsweredSince(Clients clients)
    {
        var before = clients.Replies.Count;
        return () => clients.Replies.Count >= before + Askers;
    }
}
