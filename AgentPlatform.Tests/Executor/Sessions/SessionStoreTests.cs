using System.Diagnostics;
using System.Text.Json.Nodes;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Executor.Queries;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AgentPlatform.Tests.Executor.Sessions;

[Collection(QueryTests.Name)]
public sealed class SessionStoreTests(QueryFixture fixture)
{
    private readonly string _tenant = Rows.NewTenant();
    private readonly QueryHost _host = fixture.Host;

    private SessionStore Store => _host.Get<SessionStore>();

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unknown_session_begins_with_turn_1()
    {
        var snapshot = await Store.LoadAsync(_tenant, "talk", 10, Ending);

        Assert.Equivalent(new SessionSnapshot(false, 1, [], []), snapshot, strict: true);
    }

    [Fact]
    public async Task The_conversation_is_what_the_person_was_told_oldest_first()
    {
        var told = Rows.Turn(_tenant, "talk", 3, RunStatus.TimedOut);
        (told.Answer, told.Degraded) = ("Sorry.", "default");
        var open = Rows.Turn(_tenant, "talk", 5, RunStatus.Running);
        await _host.StoreAsync(
            Rows.Session(_tenant, "talk", turns: 5),
            Rows.Turn(_tenant, "talk", 1),
            Rows.Turn(_tenant, "talk", 2, RunStatus.Failed),
            told,
            Rows.Turn(_tenant, "talk", 4),
            open);

        var snapshot = await Store.LoadAsync(_tenant, "talk", 10, Ending);

        Assert.True(snapshot.Exists);
        Assert.Equal(6, snapshot.NextTurn);
        Assert.Equal([new OpenTurn(open.RunId, 5, open.Agent, open.Question, open.Background)], snapshot.Open);
        Assert.Equal(
            [(1, "Question 1", "Answer 1"), (3, "Question 3", "Sorry."), (4, "Question 4", "Answer 4")],
            snapshot.Turns.Select(turn => (turn.Turn, turn.Question, turn.Answer)));
        Assert.All(snapshot.Turns, turn => Assert.Equal("default", turn.Agent));
    }

    [Fact]
    public async Task Turns_that_are_no_longer_kept_still_count()
    {
        await _host.StoreAsync(Rows.Session(_tenant, "talk", turns: 9));

        Assert.Equal(10, (await Store.LoadAsync(_tenant, "talk", 10, Ending)).NextTurn);
    }

    [Fact]
    public async Task A_long_session_loads_with_the_statements_and_rows_of_a_short_one()
    {
        await StoreTurnsAsync("short", 10);
        await StoreTurnsAsync("long", 2_000);

        var (fewTurns, fewExchanges) = await CountedAsync("short");
        var (manyTurns, manyExchanges) = await CountedAsync("long");

        Assert.Equal((1, 1), (fewExchanges, manyExchanges));
        Assert.Equal(Enumerable.Range(4, 7), fewTurns.Turns.Select(turn => turn.Turn));
        Assert.Equal(Enumerable.Range(1_994, 7), manyTurns.Turns.Select(turn => turn.Turn));
        Assert.Equal(2_001, manyTurns.NextTurn);
        Assert.Equal(await RowsReadAsync("short"), await RowsReadAsync("long"));
    }

    [Fact]
    public async Task The_window_walks_the_index_of_turns_backwards()
    {
        await StoreTurnsAsync("long", 2_000);

        var scan = await WindowScanAsync("long");

        Assert.Equal("Index Scan", (string?)scan["Node Type"]);
        Assert.Equal("Backward", (string?)scan["Scan Direction"]);
        Assert.Equal("ix_runs_tenant_id_session_id_turn", (string?)scan["Index Name"]);
    }

    [Fact]
    public async Task What_the_ladder_told_becomes_the_turns_answer_once()
    {
        var run = Rows.Turn(_tenant, "talk", 1, RunStatus.Failed);
        await _host.StoreAsync(Rows.Session(_tenant, "talk", turns: 1), run);

        Assert.True(await Store.RecordToldAnswerAsync(Told(run), Ending));
        Assert.True(await Store.RecordToldAnswerAsync(Told(run), Ending));

        var turn = Assert.Single((await _host.ClientFor(_tenant).ReadAsync<Page<TurnView>>("/sessions/talk/turns")).Items);
        Assert.Equal(("Sorry.", "default", RunStatus.Failed), (turn.Answer, turn.Degraded, turn.Status));
    }

    [Fact]
    public async Task What_the_person_was_told_takes_the_place_of_an_answer_nobody_saw_and_foreign_or_unknown_runs_take_none()
    {
        var open = Rows.Turn(_tenant, "talk", 1, RunStatus.Running);
        var answered = Rows.Turn(_tenant, "talk", 2);
        var failed = Rows.Turn(_tenant, "talk", 3, RunStatus.Failed);
        await _host.StoreAsync(Rows.Session(_tenant, "talk", turns: 3), open, answered, failed);

        Assert.True(await Store.RecordToldAnswerAsync(Told(open), Ending));
        Assert.True(await Store.RecordToldAnswerAsync(Told(answered), Ending));
        Assert.False(await Store.RecordToldAnswerAsync(Told(failed) with { TenantId = Rows.NewTenant() }, Ending));
        Assert.False(await Store.RecordToldAnswerAsync(Told(failed) with { RunId = Rows.Id(99) }, Ending));
        var answers = await _host.AskAsync(database => database.Runs
            .Where(run => run.TenantId == _tenant).OrderBy(run => run.Turn).Select(run => run.Answer).ToListAsync(Ending));
        Assert.Equal(["Sorry.", "Sorry.", null], answers);
    }

    [Fact]
    public async Task Results_that_anybody_may_have_written_are_known_whichever_turn_they_came_with()
    {
        var read = Rows.Turn(_tenant, "talk", 1);
        var clean = Rows.Turn(_tenant, "talk", 2);
        await _host.StoreAsync(Rows.Session(_tenant, "talk", turns: 2), read, clean, Read(read), Rows.Append(clean, 1, Started));
        var failed = Rows.Turn(_tenant, "nothing told", 1, RunStatus.Failed);
        await _host.StoreAsync(Rows.Session(_tenant, "nothing told", turns: 1), failed, Read(failed));
        var later = Rows.Turn(_tenant, "begun with them", 2, RunStatus.Failed);
        await _host.StoreAsync(Rows.Session(_tenant, "begun with them", turns: 2), later, Rows.Append(later, 1, Started with { Untrusted = true }));

        var snapshot = await Store.LoadAsync(_tenant, "talk", 10, Ending);

        Assert.True(snapshot.Untrusted);
        Assert.Equal([true, false], snapshot.Turns.Select(turn => turn.Untrusted));
        Assert.False((await Store.LoadAsync(_tenant, "nothing told", 10, Ending)).Untrusted);
        Assert.True((await Store.LoadAsync(_tenant, "begun with them", 10, Ending)).Untrusted);

        static RunEventsEntity Read(RunEntity run) => Rows.Append(run, 2, new ToolReturned { CallId = "c", Tool = "http_get", Result = "a page", Untrusted = true });
    }

    private static readonly RunStarted Started = new() { Agent = "default", AgentVersion = "v1", Question = "What?", Executor = "e1" };

    private static ToldAnswer Told(RunEntity run) => new()
    {
        TenantId = run.TenantId,
        SessionId = run.SessionId!,
        RunId = run.RunId,
        Agent = run.Agent,
        Question = run.Question,
        Answer = "Sorry.",
        Level = "default",
        Reason = FailureReason.ModelError,
    };

    private async Task StoreTurnsAsync(string sessionId, int turns)
    {
        await _host.StoreAsync(Rows.Session(_tenant, sessionId, turns));
        await _host.StoreAsync(Enumerable.Range(1, turns).Select(turn =>
        {
            var run = Rows.Turn(_tenant, sessionId, turn);
            run.RunId = Guid.CreateVersion7();
            return run;
        }));
    }

    /// <summary>The snapshot, and how often the database was asked for it.</summary>
    private async Task<(SessionSnapshot Snapshot, int Exchanges)> CountedAsync(string sessionId)
    {
        // A new connection asks once who it is.
        await Store.LoadAsync(_tenant, "another", 1, Ending);
        using var root = new Activity("load").Start();
        var exchanges = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => exchanges += activity.TraceId == root.TraceId && activity.OperationName != "CONNECT" ? 1 : 0,
        };
        ActivitySource.AddActivityListener(listener);
        var snapshot = await Store.LoadAsync(_tenant, sessionId, 7, Ending);
        return (snapshot, exchanges);
    }

    private async Task<int> RowsReadAsync(string sessionId) => (int)(double)(await WindowScanAsync(sessionId))["Actual Rows"]!;

    /// <summary>The plan's only access to the table, with what it really did.</summary>
    private async Task<JsonNode> WindowScanAsync(string sessionId)
    {
        await using var analyze = _host.Connections.CreateCommand("ANALYZE runs");
        await analyze.ExecuteNonQueryAsync(Ending);
        await using var explain = _host.Get<ApplicationDataSource>().For(_tenant).CreateCommand($"EXPLAIN (ANALYZE, FORMAT JSON) {SessionStore.SelectWindow}");
        explain.Parameters.Add(new() { Value = _tenant });
        explain.Parameters.Add(new() { Value = sessionId });
        explain.Parameters.Add(new() { Value = 8 });
        var plan = JsonNode.Parse((string)(await explain.ExecuteScalarAsync(Ending))!)!;
        var below = plan[0]!["Plan"]!["Plans"]![0]!;
        // That the tenant asked for is the one of the transaction is looked at once, before any row.
        return (string?)below["Node Type"] == "Result" ? below["Plans"]![0]! : below;
    }
}
