using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Journal;
using AgentPlatform.Executor.Runs;
using AgentPlatform.Tests.Core.ChatModels;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Postgres;
using CsCheck;
using Xunit;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>The engine by its promises: whatever happens to the processes, a run comes out as if nothing had.</summary>
public sealed class DurabilityTests(PostgresFixture postgres, ITestOutputHelper output)
{
    private static readonly Guid RunId = new("01890a5d-ac96-774b-bcce-b302099a8057");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_whose_processes_are_killed_and_hang_anywhere_ends_as_if_nothing_had_happened()
    {
        await using var leases = new LeasePool(await postgres.CreateDatabaseAsync(Cancellation));
        var engine = RunEngine.Scripted();
        var coverage = new Coverage();
        await Scenarios.Any.SampleAsync(scenario => PlayAsync(scenario, engine, leases, coverage), iter: 1_000);

        output.WriteLine(coverage.ToString());
        coverage.AssertMet(
            [
                .. Enum.GetValues<Instant>().Select(instant => $"{FaultKind.Kill} {instant}"),
                .. Enum.GetValues<Instant>().Except([Instant.Parked]).Select(instant => $"{FaultKind.Hang} {instant}"),
                $"{FaultKind.LoseAcknowledgement} {Instant.BeforeAppend}",
                .. Enum.GetNames<AppendResult>(),
                "a write was interrupted", "a write was cut", "the answer is cut short by a limit",
                "run Completed", "run Failed", "run TimedOut", "run OutcomeUnknown",
                .. Enum.GetNames<ToolErrorKind>().Except(["Timeout", "Refused"]).Select(error => $"call {error}"),
            ]);
    }

    [Fact]
    public async Task The_same_holds_with_a_model_behind_http()
    {
        await using var leases = new LeasePool(await postgres.CreateDatabaseAsync(Cancellation));
        await using var server = await FakeModelServer.StartAsync(Cancellation);
        await using var models = await ModelHost.StartAsync([.. Settings("Default", ScriptedModel.First, server), .. Settings("Small", ScriptedModel.Fallback, server)]);
        var engine = RunEngine.Over(models.Catalogue.Get("default").Client, models.Catalogue.Get("small").Client);
        await Scenarios.Any.SampleAsync(
            async scenario =>
            {
                server.ClearScript();
                server.Always(request => ScriptedServer.Reply(scenario, request));
                await PlayAsync(scenario, engine, leases, new Coverage());
            },
            iter: 40,
            threads: 1);
    }

    private static (string, string?)[] Settings(string name, string model, FakeModelServer server) =>
    [
        ($"Models:{name}:Provider", "openai"), ($"Models:{name}:Endpoint", server.BaseUrl),
        ($"Models:{name}:ApiKey", "none"), ($"Models:{name}:Model", model),
    ];

    private static async Task PlayAsync(Scenario scenario, RunEngine engine, LeasePool leases, Coverage coverage)
    {
        var undisturbed = new Episode(scenario.Undisturbed, RunId, new Coverage());
        await undisturbed.PlayAsync(engine, leases, Cancellation);
        Assert.Empty(Promises.BrokenBy(undisturbed));

        var played = new Episode(scenario, RunId, coverage);
        await played.PlayAsync(engine, leases, Cancellation);
        var broken = Promises.BrokenBy(played, undisturbed).ToList();
        Assert.True(broken.Count == 0, $"{string.Join('\n', broken)}\n{played.Story}");
        Meet(played, coverage);
    }

    private static void Meet(Episode played, Coverage coverage)
    {
        var state = RunState.Fold(played.Journal.Events);
        coverage.Count($"run {state.Status}");
        foreach (var call in state.Calls)
        {
            coverage.Count($"call {call.Result?.Error}");
        }

        Count(Promises.WriteWasInterrupted(played), "a write was interrupted");
        Count(Promises.WriteWasCut(played, state), "a write was cut");
        Count(state.Ending is RunCompleted { Limit: not null }, "the answer is cut short by a limit");

        void Count(bool met, string what)
        {
            if (met)
            {
                coverage.Count(what);
            }
        }
    }
}
