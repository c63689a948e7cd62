using System.Net;
using System.Net.Http.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Executor.Queries;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AgentPlatform.Tests.Executor.Idempotency;

[Collection(QueryTests.Name)]
public sealed class IdempotencyTests(QueryFixture fixture)
{
    private const string Route = "POST /runs";
    private static readonly string Hash = new('a', 64);

    private readonly string _tenant = Rows.NewTenant();
    private readonly QueryHost _host = fixture.Host;

    private readonly Dictionary<int, Guid> _runs = Enumerable.Range(0, 50).ToDictionary(n => n, Rows.Id);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_fifty_claims_at_once_one_names_the_run_and_all_learn_it()
    {
        var standings = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => ClaimAsync("k", runId: Run(n))));

        var first = Assert.Single(standings, standing => standing.IsNew);
        Assert.All(standings, standing => Assert.Equal((first.RunId, false, null), (standing.RunId, standing.OtherBody, standing.Status)));
    }

    [Fact]
    public async Task A_claim_whose_answer_was_lost_is_the_first_still()
    {
        await ClaimAsync("k");

        Assert.True((await ClaimAsync("k")).IsNew);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_told_apart()
    {
        await ClaimAsync("k");

        var other = await ClaimAsync("k", runId: Run(2), hash: new string('b', 64));

        Assert.Equal(new IdempotencyStanding(Run(1), IsNew: false, OtherBody: true), other);
    }

    [Fact]
    public async Task A_key_belongs_to_its_tenant_and_route()
    {
        await ClaimAsync("k");

        Assert.True((await ClaimAsync("k", runId: Run(2), route: "POST /agent")).IsNew);
        Assert.True((await ClaimAsync("k", runId: Run(3), tenant: Rows.NewTenant())).IsNew);
    }

    [Fact]
    public async Task The_first_answer_stays_and_is_everybodys_byte_for_byte()
    {
        const string Body = """{ "b": 1,  "a": "\u00e4", "b2":1.0 }""";
        await ClaimAsync("k");

        var first = await SettleAsync(new IdempotencySettlement(Route, "k", Run(1), 202, Body));
        var second = await SettleAsync(new IdempotencySettlement(Route, "k", Run(1), 500, "late"));

        Assert.Equal(new IdempotencyStanding(Run(1), Status: 202, Body: Body), first);
        Assert.Equal(first, second);
        Assert.Equal(new IdempotencyStanding(Run(1), IsNew: false, Status: 202, Body: Body), await ClaimAsync("k", runId: Run(9)));
    }

    [Fact]
    public async Task A_key_is_freed_only_by_its_own_run_and_only_before_an_answer()
    {
        await ClaimAsync("k");
        await ReleaseAsync("k", Run(9));
        Assert.False((await ClaimAsync("k", runId: Run(2))).IsNew);

        await ReleaseAsync("k", Run(1));
        Assert.True((await ClaimAsync("k", runId: Run(2))).IsNew);

        await SettleAsync(new IdempotencySettlement(Route, "k", Run(2), 200, "{}"));
        await ReleaseAsync("k", Run(2));
        Assert.Equal(200, (await ClaimAsync("k", runId: Run(3))).Status);
    }

    [Fact]
    public async Task A_key_of_yesterday_counts_as_new()
    {
        await ClaimAsync("k");
        await SettleAsync(new IdempotencySettlement(Route, "k", Run(1), 200, "{}"));
        await _host.AskAsync(database => database.IdempotencyKeys.Where(row => row.TenantId == _tenant)
            .ExecuteUpdateAsync(row => row.SetProperty(key => key.CreatedAt, key => key.CreatedAt.AddHours(-25)), Ending));

        var again = await ClaimAsync("k", runId: Run(2), hash: new string('b', 64));

        Assert.Equal(new IdempotencyStanding(Run(2), IsNew: true), again);
        var late = await SettleAsync(new IdempotencySettlement(Route, "k", Run(1), 200, "late"));
        Assert.Equal("late", late.Body);
        Assert.Null((await ClaimAsync("k", runId: Run(2), hash: new string('b', 64))).Status);
    }

    [Theory]
    [InlineData("nonsense", null)]
    [InlineData("""{"route":"r","key":"k","body_hash":"xyz","run_id":"019cb8a4-3200-7000-8000-000000000001"}""", "body_hash")]
    public async Task A_claim_that_cannot_be_read_is_a_problem(string body, string? field)
    {
        using var content = new StringContent(body);
        using var response = await _host.ClientFor(_tenant).PostAsync("/idempotency/claim", content, Ending);

        await response.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest, field);
    }

    private Guid Run(int n) => _runs[n];

    private Task<IdempotencyStanding> ClaimAsync(string key, Guid? runId = null, string? hash = null, string route = Route, string? tenant = null) =>
        PostAsync("claim", new IdempotencyClaim(route, key, hash ?? Hash, runId ?? Run(1)), tenant);

    private Task<IdempotencyStanding> SettleAsync(IdempotencySettlement settlement) => PostAsync("settle", settlement);

    private async Task ReleaseAsync(string key, Guid runId)
    {
        using var response = await _host.ClientFor(_tenant).PostAsJsonAsync("/idempotency/release", new IdempotencyRelease(Route, key, runId), WireJson.Options, Ending);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    private async Task<IdempotencyStanding> PostAsync<T>(string verb, T body, string? tenant = null)
    {
        using var response = await _host.ClientFor(tenant ?? _tenant).PostAsJsonAsync($"/idempotency/{verb}", body, WireJson.Options, Ending);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<IdempotencyStanding>(WireJson.Options, Ending))!;
    }
}
