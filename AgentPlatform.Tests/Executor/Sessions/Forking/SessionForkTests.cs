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

namespace AgentPlatform.Tests.Executor.Sessions.Forking;

/// <summary>A conversation goes on from a turn in its middle.</summary>
[Collection(QueryTests.Name)]
public sealed class SessionForkTests(QueryFixture fixture)
{
    private readonly string _tenant = Rows.NewTenant();
    private readonly QueryHost _host = fixture.Host;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_turns_up_to_a_run_are_copied_whole_and_outlive_the_original()
    {
        var runs = await StoreTurnsAsync(3);
        using var client = _host.ClientFor(_tenant);
        await ForkAsync(client, runs[1].RunId, "fork", HttpStatusCode.NoContent);
        await ForkAsync(client, runs[1].RunId, "fork", HttpStatusCode.NoContent);

        using (var removed = await client.DeleteAsync("/sessions/talk", Ending))
        {
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        }

        var snapshot = await _host.Get<SessionStore>().LoadAsync(_tenant, "fork", 50, Ending);
        Assert.Equal(["Question 1 fine", "Question 2 fine"], snapshot.Turns.Select(turn => $"{turn.Question} {turn.Answer}"));
        Assert.Equal((3, 0), (snapshot.NextTurn, snapshot.Open.Count));
        Assert.Empty(snapshot.Turns.Select(turn => turn.RunId).Intersect(runs.Select(run => run.RunId)));
        Assert.Equal(snapshot.Turns[^1].RunId, snapshot.LastRunId);

        using var verified = await client.PostAsync("/sessions/fork/verify", null, Ending);
        var report = (await verified.Content.ReadFromJsonAsync<SessionReport>(WireJson.Options, Ending))!;
        Assert.Equal((2, 12, 0), (report.Turns, report.Events, report.Findings.Count));
        var copied = await _host.AskAsync(database => database.RunEvents.AsNoTracking().Where(row => row.TenantId == _tenant).Select(row => row.Events).ToListAsync(Ending));
        Assert.All(copied, events => Assert.Equal("fork", ((RunStarted)FoldedRun.Read([events])[0]).SessionId));
    }

    [Fact]
    public async Task Copies_are_in_no_list_and_found_by_no_look_up()
    {
        var runs = await StoreTurnsAsync(2);
        using var client = _host.ClientFor(_tenant);
        await ForkAsync(client, runs[0].RunId, "fork", HttpStatusCode.NoContent);

        var page = await client.GetFromJsonAsync<Page<RunSummary>>("/runs", WireJson.Options, Ending);
        Assert.Equal(runs.Select(run => run.RunId).Order(), page!.Items.Select(run => run.RunId).Order());
        var copy = (await _host.Get<SessionStore>().LoadAsync(_tenant, "fork", 50, Ending)).LastRunId;
        using var looked = await client.GetAsync($"/runs/{copy}", Ending);
        Assert.Equal(HttpStatusCode.NotFound, looked.StatusCode);
    }

    [Fact]
    public async Task A_turn_that_has_not_ended_cannot_be_copied_and_one_of_another_session_is_not_found()
    {
        var runs = await StoreTurnsAsync(1);
        var open = Rows.Turn(_tenant, "talk", 2, RunStatus.Running);
        await _host.StoreAsync(open, Rows.Append(open, 1, Started() with { SessionId = "talk", Turn = 2 }));
        using var client = _host.ClientFor(_tenant);

        await ForkAsync(client, open.RunId, "fork", HttpStatusCode.Conflict);
        await ForkAsync(client, Rows.Id(99), "fork", HttpStatusCode.NotFound);
        using var foreign = _host.ClientFor(Rows.NewTenant());
        await ForkAsync(foreign, runs[0].RunId, "fork", HttpStatusCode.NotFound);
        Assert.False((await _host.Get<SessionStore>().LoadAsync(_tenant, "fork", 50, Ending)).Exists);
    }

    [Fact]
    public async Task A_hidden_run_is_a_turn_and_nothing_else_and_with_the_last_one_the_session_goes()
    {
        var runs = await StoreTurnsAsync(2);
        using var client = _host.ClientFor(_tenant);
        await HideAsync(client, runs[0].RunId);
        await HideAsync(client, runs[0].RunId);

        using (var looked = await client.GetAsync($"/runs/{runs[0].RunId}", Ending))
        {
            Assert.Equal(HttpStatusCode.NotFound, looked.StatusCode);
        }

        Assert.Equal(2, (await _host.Get<SessionStore>().LoadAsync(_tenant, "talk", 50, Ending)).Turns.Count);
        await HideAsync(client, runs[1].RunId);
        Assert.False((await _host.Get<SessionStore>().LoadAsync(_tenant, "talk", 50, Ending)).Exists);
        Assert.Equal(0, await _host.AskAsync(database => database.RunEvents.CountAsync(row => row.TenantId == _tenant, Ending)));
    }

    private static async Task ForkAsync(HttpClient client, Guid runId, string name, HttpStatusCode expected)
    {
        using var response = await client.PostAsJsonAsync("/sessions/talk/fork", new SessionFork(runId, name), WireJson.Options, Ending);
        Assert.Equal(expected, response.StatusCode);
    }

    private static async Task HideAsync(HttpClient client, Guid runId)
    {
        using var response = await client.PostAsync($"/runs/{runId}/hide", null, Ending);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    private async Task<List<RunEntity>> StoreTurnsAsync(int turns)
    {
        await _host.StoreAsync(Rows.Session(_tenant, "talk", turns));
        var runs = new List<RunEntity>();
        for (var turn = 1; turn <= turns; turn++)
        {
            var run = Rows.Turn(_tenant, "talk", turn, RunStatus.Completed);
            var append = Rows.Append(
                run, 1, Started($"Question {turn}") with { SessionId = "talk", Turn = turn }, Calls(("a", "sum"), ("b", "sum")), Returns("a", "sum"), Returns("b", "sum"),
                Says("fine"), new RunCompleted { Answer = "fine", Iterations = 1 });
            var state = FoldedRun.Of(JsonSerializer.Deserialize<List<RunEvent>>(append.Events, WireJson.Options)!).State;
            var end = RunRows.EndOf(state, state.Ending!);
            (run.Answer, run.Model, run.Iterations) = (end.Answer, end.Model, end.Iterations);
            (run.InputTokens, run.OutputTokens, run.CostUsd, run.FinishedAt) = (end.InputTokens, end.OutputTokens, end.CostUsd, end.FinishedAt);
            await _host.StoreAsync(run, append);
            runs.Add(run);
        }

        return runs;
    }
}
