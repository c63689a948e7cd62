using System.Net;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Executor.Queries;
using Xunit;

namespace AgentPlatform.Tests.Executor.Sessions.Queries;

[Collection(QueryTests.Name)]
public sealed class SessionListTests(QueryFixture fixture)
{
    private readonly string _tenant = Rows.NewTenant();
    private readonly QueryHost _host = fixture.Host;

    private HttpClient Client => _host.ClientFor(_tenant);

    [Fact]
    public async Task Pages_hold_every_session_once_last_changed_first_while_sessions_are_made()
    {
        // Groups of three changed at the same moment: the id decides within a group.
        var sessions = Enumerable.Range(0, 20).Select(n => (Id: $"s{n:00}", At: Rows.Noon.AddSeconds(n / 3))).ToList();
        await _host.StoreAsync(sessions.Select(session => Rows.Session(_tenant, session.Id, updatedAt: session.At)));

        var listed = await Client.ReadAllAsync<SessionView>(
            "/sessions?limit=4",
            page => _host.StoreAsync(Rows.Session(_tenant, $"new{page}", updatedAt: Rows.Noon.AddHours(page))));

        Assert.Equal(sessions.Select(session => session.Id).Reverse(), listed.Select(session => session.SessionId));
    }

    [Fact]
    public async Task Filters_leave_only_what_was_asked_for()
    {
        var ada = Rows.Session(_tenant, "ada's");
        ada.UserLabel = "ada";
        var red = Rows.Session(_tenant, "red");
        red.Metadata = """{"team": "red", "floor": "3"}""";
        await _host.StoreAsync(ada, red, Rows.Session(_tenant, "plain"));

        Assert.Equal(["ada's"], await IdsAsync("/sessions?user=ada"));
        Assert.Equal(["red"], await IdsAsync("/sessions?metadata.team=red"));
        Assert.Empty(await IdsAsync("/sessions?metadata.team=red&user=ada"));
    }

    [Fact]
    public async Task A_session_shows_its_labels_its_turns_and_the_run_that_has_the_floor()
    {
        var session = Rows.Session(_tenant, "talk", turns: 2, updatedAt: Rows.Noon.AddMinutes(1));
        session.UserLabel = "ada";
        session.Metadata = """{"team": "red"}""";
        var open = Rows.Turn(_tenant, "talk", 2, RunStatus.Running);
        open.RunId = Guid.Parse("019cb8a4-3200-7000-8000-000000000002");
        await _host.StoreAsync(session, Rows.Turn(_tenant, "talk", 1), open);

        Assert.Equal(
            """
            {
              "session_id": "talk",
              "turns": 2,
              "created_at": "2026-03-04T12:00:00+00:00",
              "updated_at": "2026-03-04T12:01:00+00:00",
              "user": "ada",
              "metadata": {
                "team": "red"
              },
              "active_run_id": "019cb8a4-3200-7000-8000-000000000002"
            }
            """,
            await Client.ReadTextAsync("/sessions/talk"));
        Assert.Equal(open.RunId, Assert.Single((await Client.ReadAsync<Page<SessionView>>("/sessions")).Items).ActiveRunId);
    }

    [Theory]
    [InlineData("after=bm90LWEtc2Vzc2lvbg", "after")]
    [InlineData("after=OTk5OTk5OTk5OTk5OTk5OTk5OSBz", "after")]
    [InlineData("limit=-1", "limit")]
    public async Task A_bad_parameter_is_named(string query, string field)
    {
        using var response = await Client.GetAsync($"/sessions?{query}", TestContext.Current.CancellationToken);

        await response.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest, field);
    }

    [Fact]
    public async Task Sessions_of_another_tenant_do_not_exist()
    {
        await _host.StoreAsync(Rows.Session(_tenant, "talk"));
        var stranger = _host.ClientFor(Rows.NewTenant());

        Assert.Empty((await stranger.ReadAsync<Page<SessionView>>("/sessions")).Items);
        foreach (var path in new[] { "/sessions/talk", "/sessions/talk/turns", "/sessions/talk/state" })
        {
            using var response = await stranger.GetAsync(path, TestContext.Current.CancellationToken);
            await response.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.SessionNotFound);
        }
    }

    private async Task<IEnumerable<string>> IdsAsync(string path) =>
        (await Client.ReadAsync<Page<SessionView>>(path)).Items.Select(session => session.SessionId);
}
