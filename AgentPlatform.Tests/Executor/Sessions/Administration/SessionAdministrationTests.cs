using System.Net;
using System.Net.Http.Json;
using System.Text;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Executor.Queries;
using AgentPlatform.Tests.Postgres;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Sessions.Administration;

[Collection(QueryTests.Name)]
public sealed class SessionAdministrationTests(QueryFixture fixture)
{
    private static readonly RunStarted Started = new() { Agent = "default", AgentVersion = "v1", Question = "What?", Executor = "e1" };

    private readonly string _tenant = Rows.NewTenant();
    private readonly QueryHost _host = fixture.Host;

    private HttpClient Client => _host.ClientFor(_tenant);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_is_made_with_its_labels()
    {
        using var response = await PostAsync("""{"session_id": "talk", "user": "ada", "metadata": {"team": "red"}}""");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var made = await response.Content.ReadFromJsonAsync<SessionView>(WireJson.Options, Ending);
        var read = await Client.ReadAsync<SessionView>("/sessions/talk");
        Assert.Equivalent(read, made);
        Assert.Equal(("talk", "ada", "red", 0), (read.SessionId, read.User, read.Metadata!["team"], read.Turns));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(null)]
    public async Task A_session_without_a_name_gets_one(string? body)
    {
        using var response = await PostAsync(body);

        var made = await response.Content.ReadFromJsonAsync<SessionView>(WireJson.Options, Ending);
        Assert.Equal(7, Guid.Parse(made!.SessionId).Version);
        Assert.Null((await Client.ReadAsync<SessionView>($"/sessions/{made.SessionId}")).Metadata);
    }

    [Fact]
    public async Task Of_many_makers_of_one_session_exactly_one_makes_it()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync("""{"session_id": "talk"}""")));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Created);
        foreach (var late in responses.Where(response => response.StatusCode != HttpStatusCode.Created))
        {
            await late.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.SessionExists, "session_id");
        }
    }

    [Theory]
    [InlineData("""{"session_id": "a b"}""", "session_id")]
    [InlineData("""{"session_id": ""}""", "session_id")]
    [InlineData("""{"session_id": 5}""", "session_id")]
    [InlineData("""{"metadata": {"n": 1}}""", "metadata.n")]
    [InlineData("""{"title": "x"}""", "title")]
    [InlineData("""{"user": "a", "user": "b"}""", "user")]
    [InlineData("nonsense", "body")]
    [InlineData("null", "body")]
    public async Task A_bad_body_is_a_problem_that_names_the_field(string body, string field)
    {
        using var response = await PostAsync(body);

        await response.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest, field);
    }

    [Fact]
    public async Task A_removed_session_leaves_no_row_in_any_table_and_takes_no_other_with_it()
    {
        var other = Rows.NewTenant();
        foreach (var tenant in new[] { _tenant, other })
        {
            var run = Rows.Turn(tenant, "talk", 1);
            await _host.StoreAsync(
                Rows.Session(tenant, "talk", turns: 1), run, Rows.Append(run, 1, Started), Rows.Append(run, 2, new RunTimedOut()), Key(run), Outcome(run));
        }

        var neighbour = Rows.Turn(_tenant, "other talk", 2);
        await _host.StoreAsync(Rows.Session(_tenant, "other talk", turns: 2), neighbour, Rows.Append(neighbour, 1, Started), Key(neighbour));

        using var response = await Client.DeleteAsync("/sessions/talk", Ending);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal((1, 1, 1, 1), await CountsAsync(_tenant));
        Assert.Equal([other], await _host.AskAsync(database => database.ToolOutcomes
            .Where(row => row.TenantId == _tenant || row.TenantId == other).Select(row => row.TenantId).ToListAsync(Ending)));
        Assert.Equal((1, 1, 2, 1), await CountsAsync(other));
        using var gone = await Client.GetAsync("/sessions/talk", Ending);
        await gone.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.SessionNotFound);
    }

    [Fact]
    public async Task A_foreign_session_cannot_be_removed()
    {
        var run = Rows.Turn(_tenant, "talk", 1);
        await _host.StoreAsync(Rows.Session(_tenant, "talk", turns: 1), run, Rows.Append(run, 1, Started));

        using var response = await _host.ClientFor(Rows.NewTenant()).DeleteAsync("/sessions/talk", Ending);

        await response.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.SessionNotFound);
        Assert.Equal((1, 1, 1, 0), await CountsAsync(_tenant));
    }

    [Fact]
    public async Task A_session_whose_run_has_not_ended_stays_whole()
    {
        var open = Rows.Turn(_tenant, "talk", 2, RunStatus.Running);
        await _host.StoreAsync(Rows.Session(_tenant, "talk", turns: 2), Rows.Turn(_tenant, "talk", 1), open, Rows.Append(open, 1, Started));

        using var response = await Client.DeleteAsync("/sessions/talk", Ending);

        await response.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.SessionBusy);
        Assert.Equal((1, 2, 1, 0), await CountsAsync(_tenant));
    }

    [Fact]
    public async Task A_removal_that_nobody_waits_for_any_more_is_audited_like_any_other()
    {
        var run = Rows.Turn(_tenant, "talk", 1);
        await _host.StoreAsync(Rows.Session(_tenant, "talk", turns: 1), run, Rows.Append(run, 1, Started));
        await using var blocking = await _host.Connections.OpenConnectionAsync(Ending);
        await using var transaction = await blocking.BeginTransactionAsync(Ending);
        await using var hold = new NpgsqlCommand("SELECT 1 FROM sessions WHERE tenant_id = $1 FOR UPDATE", blocking) { Parameters = { new() { Value = _tenant } } };
        await hold.ExecuteNonQueryAsync(Ending);

        using var response = await Client.DeleteAsync("/sessions/talk", Ending);
        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, ProblemCodes.DatabaseUnavailable);
        await transaction.RollbackAsync(Ending);

        await Until.TrueAsync(
            () => _host.AskAsync(database => database.AuditEvents.AnyAsync(row => row.TenantId == _tenant && row.Action == AuditActions.SessionDeleted && row.Target == "talk", Ending)),
            "the removal is audited", Ending);
        Assert.Equal((0, 0, 0, 0), await CountsAsync(_tenant));
    }

    private async Task<HttpResponseMessage> PostAsync(string? body)
    {
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await Client.PostAsync("/sessions", content, Ending);
    }

    private static ToolOutcomeEntity Outcome(RunEntity run) =>
        new() { TenantId = run.TenantId, RunId = run.RunId, CallId = "c", Happened = true, RecordedAt = Rows.Noon };

    private static IdempotencyKeyEntity Key(RunEntity run) => new()
    {
        TenantId = run.TenantId,
        Route = "POST /runs",
        Key = run.RunId.ToString(),
        BodyHash = [1],
        RunId = run.RunId,
        CreatedAt = Rows.Noon,
    };

    private Task<(int Sessions, int Runs, int Appends, int Keys)> CountsAsync(string tenant) => _host.AskAsync(async database => (
        await database.Sessions.CountAsync(row => row.TenantId == tenant, Ending),
        await database.Runs.CountAsync(row => row.TenantId == tenant, Ending),
        await database.RunEvents.CountAsync(row => row.TenantId == tenant, Ending),
        await database.IdempotencyKeys.CountAsync(row => row.TenantId == tenant, Ending)));
}
