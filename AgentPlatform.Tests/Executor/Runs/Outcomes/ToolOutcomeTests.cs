using System.Net;
using System.Net.Http.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Executor.Queries;
using Xunit;
using static AgentPlatform.Tests.Executor.Runs.RunScript;

namespace AgentPlatform.Tests.Executor.Runs.Outcomes;

[Collection(QueryTests.Name)]
public sealed class ToolOutcomeTests(QueryFixture fixture)
{
    private readonly string _tenant = Rows.NewTenant();
    private readonly QueryHost _host = fixture.Host;

    private HttpClient Client => _host.ClientFor(_tenant);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_person_found_out_is_kept_and_shown()
    {
        var run = await StoreCutOffAsync();

        using var response = await RecordAsync(run, "w", new CallOutcome { Happened = true, Note = "In the outbox.", By = "ada" });

        var standing = await response.Content.ReadFromJsonAsync<RunStanding>(WireJson.Options, Ending);
        Assert.Equal(new RunStanding(run.RunId, RunStatus.OutcomeUnknown), standing);
        var shown = Assert.Single((await Client.ReadAsync<RunView>($"/runs/{run.RunId}")).Outcomes);
        Assert.Equal(("w", "send", true, "In the outbox.", "ada"), (shown.CallId, shown.Tool, shown.Happened, shown.Note, shown.By));
    }

    [Fact]
    public async Task The_same_word_again_is_fine_and_another_word_comes_too_late()
    {
        var run = await StoreCutOffAsync();
        using var first = await RecordAsync(run, "w", new CallOutcome { Happened = false, Note = "Not there." });

        using var again = await RecordAsync(run, "w", new CallOutcome { Happened = false });
        using var other = await RecordAsync(run, "w", new CallOutcome { Happened = true });

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        await other.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.OutcomeKnown);
        Assert.Equal("Not there.", Assert.Single((await Client.ReadAsync<RunView>($"/runs/{run.RunId}")).Outcomes).Note);
    }

    [Fact]
    public async Task A_tool_that_said_itself_that_it_does_not_know_takes_a_word_too()
    {
        var run = await StoreAsync(Calls(("w", "send")), Begins("w", "send", ToolEffect.Write), Returns("w", "send", "?", ToolErrorKind.OutcomeUnknown), Unknown);

        using var response = await RecordAsync(run, "w", new CallOutcome { Happened = true });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_call_whose_end_is_known_takes_no_word()
    {
        var run = await StoreAsync(
            Calls(("r", "look"), ("w", "send")), Begins("r", "look", ToolEffect.Read), Returns("r", "look"), Begins("w", "send", ToolEffect.Write), Cut("w", "send"), Unknown);

        using var response = await RecordAsync(run, "r", new CallOutcome { Happened = true });

        await response.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.OutcomeKnown);
    }

    [Fact]
    public async Task Runs_calls_and_tenants_that_do_not_fit_are_not_found()
    {
        var run = await StoreCutOffAsync();

        using var noCall = await RecordAsync(run, "nope", new CallOutcome { Happened = true });
        using var noRun = await Client.PostAsJsonAsync($"/runs/{Rows.Id(77)}/outcomes/w", new CallOutcome { Happened = true }, WireJson.Options, Ending);
        using var foreign = await _host.ClientFor(Rows.NewTenant())
            .PostAsJsonAsync($"/runs/{run.RunId}/outcomes/w", new CallOutcome { Happened = true }, WireJson.Options, Ending);

        await noCall.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.CallNotFound);
        await noRun.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.RunNotFound);
        await foreign.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.RunNotFound);
    }

    [Fact]
    public async Task The_next_turn_knows_that_a_write_broke_off_and_what_was_found_out_about_it()
    {
        var run = await StoreCutOffAsync();
        var store = _host.Get<SessionStore>();

        var before = await store.LoadAsync(_tenant, "talk", 10, Ending);
        using var response = await RecordAsync(run, "w", new CallOutcome { Happened = true, Note = "in the outbox" });
        var after = await store.LoadAsync(_tenant, "talk", 10, Ending);

        Assert.Equal("This turn was cut off while 'send' was at work; whether it took effect is not known.", Assert.Single(before.Turns).Answer);
        Assert.Equal("This turn was cut off while 'send' was at work; a person recorded: it happened (in the outbox).", Assert.Single(after.Turns).Answer);
    }

    private static RunFailed Unknown { get; } = new() { Reason = FailureReason.OutcomeUnknown, Message = "Not known." };

    private static ToolReturned Cut(string id, string tool) => Returns(id, tool, "cut", ToolErrorKind.Interrupted) with { Synthetic = true };

    private Task<RunEntity> StoreCutOffAsync() => StoreAsync(Calls(("w", "send")), Begins("w", "send", ToolEffect.Write), Resumed, Cut("w", "send"), Unknown);

    private async Task<RunEntity> StoreAsync(params RunEvent[] events)
    {
        var run = Rows.Turn(_tenant, "talk", 1, RunStatus.OutcomeUnknown);
        await _host.StoreAsync(Rows.Session(_tenant, "talk", turns: 1), run, Rows.Append(run, 1, [Started() with { SessionId = "talk", Turn = 1 }, .. events]));
        return run;
    }

    private Task<HttpResponseMessage> RecordAsync(RunEntity run, string callId, CallOutcome outcome) =>
        Client.PostAsJsonAsync($"/runs/{run.RunId}/outcomes/{callId}", outcome, WireJson.Options, Ending);
}
