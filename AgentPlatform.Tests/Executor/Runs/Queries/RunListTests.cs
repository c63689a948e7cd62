using System.Net;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Tests.Executor.Queries;
using Xunit;

namespace AgentPlatform.Tests.Executor.Runs.Queries;

[Collection(QueryTests.Name)]
public sealed class RunListTests(QueryFixture fixture)
{
    private readonly string _tenant = Rows.NewTenant();
    private readonly QueryHost _host = fixture.Host;

    private HttpClient Client => _host.ClientFor(_tenant);

    [Fact]
    public async Task Pages_hold_every_run_once_newest_first_while_new_runs_arrive()
    {
        var old = Enumerable.Range(1, 25).Select(Rows.Id).ToList();
        await _host.StoreAsync(old.Select(id => Rows.Run(_tenant, id)));

        var listed = await Client.ReadAllAsync<RunSummary>(
            "/runs?limit=7",
            page => _host.StoreAsync(Rows.Run(_tenant, Rows.Id(100 + page))));

        Assert.Equal(old.AsEnumerable().Reverse(), listed.Select(run => run.RunId));
    }

    [Fact]
    public async Task A_page_that_the_list_fills_exactly_is_the_last()
    {
        await _host.StoreAsync(Enumerable.Range(1, 5).Select(n => Rows.Run(_tenant, Rows.Id(n))));

        var page = await Client.ReadAsync<Page<RunSummary>>("/runs?limit=5");

        Assert.Equal(5, page.Items.Count);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task Twenty_runs_are_a_page_when_the_caller_names_no_limit()
    {
        await _host.StoreAsync(Enumerable.Range(1, 21).Select(n => Rows.Run(_tenant, Rows.Id(n))));

        Assert.Equal(20, (await Client.ReadAsync<Page<RunSummary>>("/runs")).Items.Count);
    }

    [Fact]
    public async Task Filters_leave_only_what_was_asked_for()
    {
        var math = Rows.Run(_tenant, Rows.Id(1), agent: "strict-math");
        var ada = Rows.Run(_tenant, Rows.Id(2));
        ada.UserLabel = "ada";
        var labelled = Rows.Run(_tenant, Rows.Id(3));
        labelled.Metadata = """{"team": "red", "ticket": "a b&c"}""";
        var failed = Rows.Run(_tenant, Rows.Id(4), RunStatus.Failed);
        var turn = Rows.Turn(_tenant, "talk", 5);
        await _host.StoreAsync(math, ada, labelled, failed, turn);

        Assert.Equal([math.RunId], await IdsAsync("/runs?agent=strict-math"));
        Assert.Equal([ada.RunId], await IdsAsync("/runs?user=ada"));
        Assert.Equal([labelled.RunId], await IdsAsync("/runs?metadata.ticket=a%20b%26c&metadata.team=red"));
        Assert.Empty(await IdsAsync("/runs?metadata.ticket=a%20b%26c&metadata.team=blue"));
        Assert.Equal([failed.RunId], await IdsAsync("/runs?status=failed"));
        Assert.Equal([turn.RunId], await IdsAsync("/runs?session_id=talk"));
        Assert.Empty(await IdsAsync("/runs?status=failed&agent=strict-math"));
    }

    [Fact]
    public async Task A_cached_answer_inside_a_session_is_no_run_in_the_list()
    {
        var asked = Rows.Turn(_tenant, "talk", 1);
        var cached = Rows.Turn(_tenant, "talk", 2);
        cached.CachedFrom = asked.RunId;
        await _host.StoreAsync(asked, cached);

        Assert.Equal([asked.RunId], await IdsAsync("/runs"));
    }

    [Fact]
    public async Task A_run_that_waits_for_a_person_says_so_though_its_row_does_not()
    {
        var working = Rows.Run(_tenant, Rows.Id(1), RunStatus.Running);
        var waiting = Rows.Run(_tenant, Rows.Id(2), RunStatus.Running);
        var decided = Rows.Run(_tenant, Rows.Id(3), RunStatus.Running);
        var asked = new ApprovalRequested { CallId = "c1", Tool = "send", Arguments = "{}" };
        await _host.StoreAsync(
            working, waiting, decided,
            Rows.Append(waiting, 1, asked, asked with { CallId = "c2" }, new ApprovalDecided { CallId = "c2", Approved = true }),
            Rows.Append(decided, 1, asked),
            Rows.Append(decided, 2, new ApprovalDecided { CallId = "c1", Approved = true }));

        Assert.Equal([waiting.RunId], await IdsAsync("/runs?status=awaiting_approval"));
        Assert.Equal([decided.RunId, working.RunId], await IdsAsync("/runs?status=running"));
        var all = await Client.ReadAsync<Page<RunSummary>>("/runs");
        Assert.Equal([RunStatus.Running, RunStatus.AwaitingApproval, RunStatus.Running], all.Items.Select(run => run.Status));
    }

    [Fact]
    public async Task Runs_of_another_tenant_are_not_listed()
    {
        await _host.StoreAsync(Rows.Run(_tenant, Rows.Id(1)));

        Assert.Empty((await _host.ClientFor(Rows.NewTenant()).ReadAsync<Page<RunSummary>>("/runs")).Items);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("after=%21%21", "after")]
    [InlineData("after=bm90LWEtcnVu", "after")]
    [InlineData("status=done", "status")]
    [InlineData("metadata.team=a&metadata.team=b", "metadata.team")]
    public async Task A_bad_parameter_is_named(string query, string field)
    {
        using var response = await Client.GetAsync($"/runs?{query}", TestContext.Current.CancellationToken);

        await response.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest, field);
    }

    [Fact]
    public async Task A_parameter_that_Postgres_cannot_take_is_the_callers_mistake()
    {
        using var response = await Client.GetAsync("/runs?agent=a%00b", TestContext.Current.CancellationToken);

        await response.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest);
    }

    [Fact]
    public async Task A_request_without_a_tenant_is_refused()
    {
        using var client = Client;
        client.DefaultRequestHeaders.Clear();
        using var response = await client.GetAsync("/runs", TestContext.Current.CancellationToken);

        await response.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest, InternalWire.TenantHeader);
    }

    private async Task<IEnumerable<Guid>> IdsAsync(string path) =>
        (await Client.ReadAsync<Page<RunSummary>>(path)).Items.Select(run => run.RunId);
}
