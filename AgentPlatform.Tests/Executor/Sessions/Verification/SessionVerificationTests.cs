using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Executor.Queries;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static AgentPlatform.Tests.Executor.Runs.RunScript;

namespace AgentPlatform.Tests.Executor.Sessions.Verification;

[Collection(QueryTests.Name)]
public sealed class SessionVerificationTests(QueryFixture fixture)
{
    private readonly string _tenant = Rows.NewTenant();
    private readonly QueryHost _host = fixture.Host;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sound_session_has_no_findings()
    {
        await StoreSessionAsync(turns: 3);
        await StoreTurnAsync(1, Whole(1));
        await StoreTurnAsync(2, Whole(2));
        await StoreTurnAsync(3, [Turn(3)]);

        var report = await VerifyAsync();

        Assert.True(report.Ok);
        Assert.Equal((3, 13), (report.Turns, report.Events));
        Assert.Empty(report.Findings);
    }

    [Fact]
    public async Task An_unknown_session_is_a_problem()
    {
        using var response = await PostAsync();

        await response.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.SessionNotFound);
    }

    [Fact]
    public async Task A_row_that_differs_is_written_again_from_the_journal_and_what_the_ladder_told_stays()
    {
        await StoreSessionAsync(turns: 2);
        await StoreTurnAsync(1, Whole(1), row => (row.Status, row.Answer, row.InputTokens, row.CostUsd) = ("running", null, 7, null));
        await StoreTurnAsync(2, Whole(2), row => (row.Answer, row.Degraded, row.Iterations) = ("Sorry.", "default", 9));

        await RepairsAsync(("row_differs", 1), ("row_differs", 2));

        var rows = await RowsAsync();
        Assert.Equal(("completed", "fine", 20L, 0.002m, 1), (rows[0].Status, rows[0].Answer, rows[0].InputTokens, rows[0].CostUsd, rows[0].Iterations));
        Assert.Equal(("Sorry.", "default", 1), (rows[1].Answer, rows[1].Degraded, rows[1].Iterations));
    }

    [Fact]
    public async Task A_run_whose_journal_ended_but_not_its_row_is_closed()
    {
        await StoreSessionAsync(turns: 1);
        await StoreTurnAsync(1, Whole(1), row => (row.Status, row.FinishedAt) = ("running", null));

        await RepairsAsync(("row_differs", 1));

        Assert.NotNull(Assert.Single(await RowsAsync()).FinishedAt);
    }

    [Fact]
    public async Task A_run_whose_row_ended_but_not_its_journal_is_open_again_for_whoever_looks_for_orphans()
    {
        await StoreSessionAsync(turns: 1);
        await StoreTurnAsync(1, [Turn(1)], row => (row.Status, row.FinishedAt) = ("completed", Rows.Noon));

        await RepairsAsync(("row_differs", 1));

        var row = Assert.Single(await RowsAsync());
        Assert.Equal(("running", null, Guid.Empty), (row.Status, row.FinishedAt, row.Owner));
    }

    [Fact]
    public async Task A_run_whose_journal_has_a_gap_is_closed_as_failed_and_can_still_be_read()
    {
        await StoreSessionAsync(turns: 1);
        var run = await StoreTurnAsync(1, [Turn(1)]);
        await _host.StoreAsync(Rows.Append(run, 5, Says("late")));

        await RepairsAsync(("event_gap", 1));

        Assert.Equal("failed", Assert.Single(await RowsAsync()).Status);
        Assert.Equal(RunStatus.Failed, (await _host.ClientFor(_tenant).ReadAsync<RunView>($"/runs/{run.RunId}")).Run.Status);
    }

    [Fact]
    public async Task A_run_whose_events_contradict_each_other_is_closed_when_the_session_is_next_loaded()
    {
        await StoreSessionAsync(turns: 1);
        await StoreTurnAsync(1, [Turn(1), Returns("nobody", "sum")]);

        var snapshot = await _host.Get<SessionStore>().LoadAsync(_tenant, "talk", 10, Ending);

        Assert.Empty(snapshot.Open);
        Assert.Equal(2, snapshot.NextTurn);
        Assert.Equal("failed", Assert.Single(await RowsAsync()).Status);
        Assert.Empty((await VerifyAsync()).Findings);
    }

    [Fact]
    public async Task A_run_of_a_living_executor_is_reported_and_left_alone()
    {
        var executor = Guid.CreateVersion7();
        await _host.StoreAsync(new ExecutorEntity { Id = executor, Epoch = 1, Name = "e", LeaseUntil = TimeProvider.System.GetUtcNow().AddHours(1), StartedAt = Rows.Noon });
        await StoreSessionAsync(turns: 1);
        await StoreTurnAsync(1, [Turn(1), Returns("nobody", "sum")], row => row.Owner = executor);

        var report = await VerifyAsync();
        var snapshot = await _host.Get<SessionStore>().LoadAsync(_tenant, "talk", 10, Ending);

        Assert.False(report.Ok);
        Assert.Equal(("unfoldable", false), (report.Findings.Single().Code, report.Findings.Single().Repaired));
        Assert.NotEmpty(snapshot.Open);
        Assert.Null(Assert.Single(await RowsAsync()).FinishedAt);
    }

    [Fact]
    public async Task A_call_without_a_result_gets_one_before_the_end_of_its_run()
    {
        await StoreSessionAsync(turns: 1);
        await StoreTurnAsync(1, [Turn(1), Calls(("a", "sum"), ("b", "sum")), Returns("a", "sum"), new RunTimedOut()]);

        // With its result the round counts as finished, so the row follows.
        await RepairsAsync(("unpaired_call", 1), ("row_differs", 1));

        var events = await _host.ClientFor(_tenant).ReadAsync<RunView>($"/runs/{(await RowsAsync())[0].RunId}");
        var result = Assert.IsType<ToolReturned>(events.Events[^2]);
        Assert.Equal(("b", true, ToolErrorKind.Interrupted, 4L), (result.CallId, result.Synthetic, result.Error, result.Seq));
        Assert.Equal(5, Assert.IsType<RunTimedOut>(events.Events[^1]).Seq);
    }

    [Fact]
    public async Task A_turn_whose_row_has_another_number_than_its_journal_gets_that_one()
    {
        await StoreSessionAsync(turns: 3);
        await StoreTurnAsync(1, Whole(1));
        await StoreTurnAsync(3, Whole(2));

        await RepairsAsync(("turn_order", 3));

        Assert.Equal([1, 2], (await RowsAsync()).Select(row => row.Turn!.Value));
    }

    [Fact]
    public async Task A_session_that_counts_too_few_turns_is_set_right_by_a_look_and_by_a_load()
    {
        await StoreSessionAsync(turns: 0);
        await StoreTurnAsync(1, Whole(1));
        await StoreTurnAsync(2, Whole(2));

        await RepairsAsync(("totals", null));
        await _host.AskAsync(database => database.Sessions.Where(row => row.TenantId == _tenant).ExecuteUpdateAsync(row => row.SetProperty(session => session.Turns, 1), Ending));
        await _host.Get<SessionStore>().LoadAsync(_tenant, "talk", 10, Ending);

        Assert.Equal(2, await _host.AskAsync(database => database.Sessions.Where(row => row.TenantId == _tenant).Select(row => row.Turns).SingleAsync(Ending)));
    }

    [Fact]
    public async Task Two_runs_at_work_are_reported_and_taken_up_in_their_order_but_a_parked_and_a_queued_one_may_stand_beside()
    {
        await StoreSessionAsync(turns: 4);
        await StoreTurnAsync(1, [Turn(1), Calls(("a", "sum")), new ApprovalRequested { CallId = "a", Tool = "sum", Arguments = "{}" }], row => row.Status = "awaiting_approval");
        var first = await StoreTurnAsync(2, [Turn(2)]);
        await StoreTurnAsync(3, [Turn(3)]);
        await StoreTurnAsync(4, [Turn(4)], row => row.Status = "queued");
        await _host.AskAsync(database => database.Runs.Where(row => row.TenantId == _tenant && row.Turn == 4)
            .ExecuteUpdateAsync(row => row.SetProperty(run => run.FinishedAt, (DateTimeOffset?)null), Ending));

        var snapshot = await _host.Get<SessionStore>().LoadAsync(_tenant, "talk", 10, Ending);
        var report = await VerifyAsync();

        Assert.Equal(first.RunId, snapshot.Open[0].RunId);
        Assert.Equal([2, 3, 4], snapshot.Open.Select(turn => turn.Turn));
        Assert.Contains(("two_open_runs", (int?)3), report.Findings.Select(finding => (finding.Code, finding.Turn)));
        Assert.False(report.Ok);
    }

    private static RunStarted Turn(int turn) => Started($"Question {turn}") with { SessionId = "talk", Turn = turn };

    private static RunEvent[] Whole(int turn) =>
    [
        Turn(turn), Calls(("a", "sum"), ("b", "sum")), Returns("a", "sum"), Returns("b", "sum"), Says("fine"), new RunCompleted { Answer = "fine", Iterations = 1 },
    ];

    private Task StoreSessionAsync(int turns) => _host.StoreAsync(Rows.Session(_tenant, "talk", turns));

    /// <summary>A turn as the journal would leave it, before <paramref name="spoil"/>.</summary>
    private async Task<RunEntity> StoreTurnAsync(int turn, RunEvent[] events, Action<RunEntity>? spoil = null)
    {
        var run = Rows.Turn(_tenant, "talk", turn, RunStatus.Running);
        var append = Rows.Append(run, 1, events);
        var state = FoldedRun.Of(JsonSerializer.Deserialize<List<RunEvent>>(append.Events, WireJson.Options)!).State;
        if (state.Ending is { } ending)
        {
            var end = RunRows.EndOf(state, ending);
            (run.Status, run.Answer, run.Model, run.Iterations) = (end.Status, end.Answer, end.Model, end.Iterations);
            (run.InputTokens, run.OutputTokens, run.CostUsd, run.FinishedAt) = (end.InputTokens, end.OutputTokens, end.CostUsd, end.FinishedAt);
        }

        spoil?.Invoke(run);
        await _host.StoreAsync(run, append);
        return run;
    }

    /// <summary>A first look finds and mends exactly this, a second one finds nothing.</summary>
    private async Task RepairsAsync(params (string Code, int? Turn)[] expected)
    {
        var report = await VerifyAsync();
        Assert.True(report.Ok);
        Assert.Equal(expected, report.Findings.Select(finding => (finding.Code, finding.Turn)));
        Assert.All(report.Findings, finding => Assert.True(finding.Repaired));
        Assert.Empty((await VerifyAsync()).Findings);
    }

    private async Task<SessionReport> VerifyAsync()
    {
        using var response = await PostAsync();
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<SessionReport>(WireJson.Options, Ending))!;
    }

    private Task<HttpResponseMessage> PostAsync() => _host.ClientFor(_tenant).PostAsync("/sessions/talk/verify", null, Ending);

    private Task<List<RunEntity>> RowsAsync() => _host.AskAsync(database =>
        database.Runs.AsNoTracking().Where(row => row.TenantId == _tenant).OrderBy(row => row.Turn).ToListAsync(Ending));
}
