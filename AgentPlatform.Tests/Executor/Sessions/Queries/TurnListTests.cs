using System.Net;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Executor.Queries;
using Xunit;

namespace AgentPlatform.Tests.Executor.Sessions.Queries;

[Collection(QueryTests.Name)]
public sealed class TurnListTests(QueryFixture fixture)
{
    private readonly string _tenant = Rows.NewTenant();
    private readonly QueryHost _host = fixture.Host;

    private HttpClient Client => _host.ClientFor(_tenant);

    [Fact]
    public async Task Pages_hold_every_turn_once_newest_first_while_turns_are_added()
    {
        await _host.StoreAsync(Rows.Session(_tenant, "talk", turns: 25));
        await _host.StoreAsync(Enumerable.Range(1, 25).Select(turn => Rows.Turn(_tenant, "talk", turn)));

        var listed = await Client.ReadAllAsync<TurnView>(
            "/sessions/talk/turns?limit=6",
            page => _host.StoreAsync(Rows.Turn(_tenant, "talk", 25 + page)));

        Assert.Equal(Enumerable.Range(1, 25).Reverse(), listed.Select(turn => turn.Turn));
    }

    [Fact]
    public async Task A_turn_tells_what_the_person_was_told_and_by_whom()
    {
        var cached = Rows.Turn(_tenant, "talk", 1);
        cached.RunId = Guid.Parse("019cb8a4-3200-7000-8000-000000000001");
        cached.CachedFrom = Rows.Id(1000);
        var told = Rows.Turn(_tenant, "talk", 2, RunStatus.TimedOut);
        told.RunId = Guid.Parse("019cb8a4-3200-7000-8000-000000000002");
        (told.Answer, told.Degraded) = ("Sorry.", "default");
        var open = Rows.Turn(_tenant, "talk", 3, RunStatus.Running);
        open.RunId = Guid.Parse("019cb8a4-3200-7000-8000-000000000003");
        await _host.StoreAsync(Rows.Session(_tenant, "talk", turns: 3), cached, told, open);

        Assert.Equal(
            """
            {
              "items": [
                {
                  "turn": 3,
                  "run_id": "019cb8a4-3200-7000-8000-000000000003",
                  "status": "running",
                  "agent": "default",
                  "question": "Question 3",
                  "cached": false,
                  "created_at": "2026-03-04T12:00:00+00:00"
                },
                {
                  "turn": 2,
                  "run_id": "019cb8a4-3200-7000-8000-000000000002",
                  "status": "timed_out",
                  "agent": "default",
                  "question": "Question 2",
                  "answer": "Sorry.",
                  "cached": false,
                  "degraded": "default",
                  "created_at": "2026-03-04T12:00:00+00:00",
                  "finished_at": "2026-03-04T12:00:02+00:00"
                },
                {
                  "turn": 1,
                  "run_id": "019cb8a4-3200-7000-8000-000000000001",
                  "status": "completed",
                  "agent": "default",
                  "question": "Question 1",
                  "answer": "Answer 1",
                  "cached": true,
                  "created_at": "2026-03-04T12:00:00+00:00",
                  "finished_at": "2026-03-04T12:00:02+00:00"
                }
              ]
            }
            """,
            await Client.ReadTextAsync("/sessions/talk/turns"));
    }

    [Fact]
    public async Task A_session_without_turns_has_an_empty_page()
    {
        await _host.StoreAsync(Rows.Session(_tenant, "talk"));

        var page = await Client.ReadAsync<Page<TurnView>>("/sessions/talk/turns");

        Assert.Empty(page.Items);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task An_unknown_session_is_a_problem()
    {
        using var response = await Client.GetAsync("/sessions/nowhere/turns", TestContext.Current.CancellationToken);

        await response.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.SessionNotFound);
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_refused()
    {
        using var response = await Client.GetAsync("/sessions/talk/turns?after=YWJj", TestContext.Current.CancellationToken);

        await response.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest, "after");
    }
}
