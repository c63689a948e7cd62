using System.Net;
using AgentPlatform.Core.Wire;
using Xunit;

namespace AgentPlatform.Tests.Api.Contract;

public sealed class LookUpTests(ContractApi api) : IClassFixture<ContractApi>
{
    [Theory]
    [InlineData("run", "/runs/01963c5e-8b2a-7c3d-9e4f-0123456789ab")]
    [InlineData("explanation", "/runs/01963c5e-8b2a-7c3d-9e4f-0123456789ab/explain")]
    [InlineData("runs", "/runs")]
    [InlineData("session", "/sessions/order-4711")]
    [InlineData("sessions", "/sessions")]
    [InlineData("turns", "/sessions/order-4711/turns")]
    [InlineData("state", "/sessions/order-4711/state")]
    [InlineData("budgets", "/budgets?session_id=order-4711")]
    [InlineData("tools", "/tools")]
    [InlineData("agents", "/agents")]
    [InlineData("agent", "/agents/default")]
    public async Task What_the_executor_knows_is_told_in_the_public_shape(string name, string path)
    {
        using var response = await api.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, body);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Snapshot.Body(name, body);
    }

    [Fact]
    public async Task Filters_and_the_tenant_travel_on()
    {
        using var response = await api.Client.GetAsync(
            new Uri("/runs?status=awaiting_approval&agent=default&session_id=s:1&user=Ada%20L&metadata.team=a%26b&metadata.x=1&limit=5&after=bmV4dA", UriKind.Relative),
            TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var asked = api.Executor.LastOf("GET /runs");
        Assert.Equal("?status=awaiting_approval&agent=default&session_id=s:1&user=Ada%20L&metadata.team=a%26b&metadata.x=1&limit=5&after=bmV4dA", asked.Query);
        Assert.Equal(InternalWire.LocalTenant, asked.Headers[InternalWire.TenantHeader]);
    }

    [Fact]
    public async Task A_caller_cannot_choose_the_tenant()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sessions");
        request.Headers.Add(InternalWire.TenantHeader, "somebody-else");
        using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(InternalWire.LocalTenant, api.Executor.LastOf("GET /sessions").Headers[InternalWire.TenantHeader]);
    }

    [Theory]
    [InlineData("/runs?status=done", "status")]
    [InlineData("/runs?status=Completed", "status")]
    [InlineData("/runs?status=", "status")]
    [InlineData("/runs?limit=0", "limit")]
    [InlineData("/runs?limit=101", "limit")]
    [InlineData("/runs?limit=ten", "limit")]
    [InlineData("/runs?limit=5&limit=6", "limit")]
    [InlineData("/runs?after=", "after")]
    [InlineData("/runs?after=%00", "after")]
    [InlineData("/runs?session_id=a%20b", "session_id")]
    [InlineData("/runs?agent=%00", "agent")]
    [InlineData("/runs?user=%00", "user")]
    [InlineData("/runs?metadata.a%20b=1", "metadata")]
    [InlineData("/runs?metadata.a=%00", "metadata")]
    [InlineData("/runs?sesion_id=a", "sesion_id")]
    [InlineData("/budgets?session_id=a%20b", "session_id")]
    [InlineData("/budgets?tenant=acme", "tenant")]
    [InlineData("/runs/17", "run_id")]
    [InlineData("/runs/17/explain", "run_id")]
    [InlineData("/sessions?status=running", "status")]
    [InlineData("/sessions?limit=-1", "limit")]
    [InlineData("/sessions/a%20b", "session_id")]
    [InlineData("/sessions/a%0A", "session_id")]
    [InlineData("/sessions/a%20b/turns", "session_id")]
    [InlineData("/sessions/s/turns?user=ada", "user")]
    [InlineData("/sessions/a%20b/state", "session_id")]
    public async Task A_bad_path_or_query_is_a_problem_that_names_the_parameter(string path, string field)
    {
        using var response = await api.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        await Problems.ReadAsync(response, HttpStatusCode.BadRequest, "invalid_request", field);
    }

    [Theory]
    [InlineData("/cache", "agent")]
    [InlineData("/cache?agent=", "agent")]
    [InlineData("/cache?agent=a%20b", "agent")]
    [InlineData("/cache?agent=a&agent=b", "agent")]
    [InlineData("/cache?agent=a&version=%00", "version")]
    [InlineData("/cache?agent=a&versoin=1", "versoin")]
    [InlineData("/cache?agent=a&tenant=b", "tenant")]
    public async Task What_is_to_be_removed_from_the_cache_must_be_named_rightly(string path, string field)
    {
        using var response = await api.Client.DeleteAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        await Problems.ReadAsync(response, HttpStatusCode.BadRequest, "invalid_request", field);
    }

    [Fact]
    public async Task Nothing_can_be_removed_from_a_cache_that_is_away()
    {
        using var response = await api.Client.DeleteAsync(new Uri("/cache?agent=default", UriKind.Relative), TestContext.Current.CancellationToken);

        await Problems.ReadAsync(response, HttpStatusCode.ServiceUnavailable, "cache_unavailable", field: null);
        Assert.Equal("1", response.Headers.GetValues("Retry-After").Single());
    }

    [Fact]
    public async Task An_unknown_agent_is_404_with_a_guess()
    {
        using var response = await api.Client.GetAsync(new Uri("/agents/defualt", UriKind.Relative), TestContext.Current.CancellationToken);

        var problem = await Problems.ReadAsync(response, HttpStatusCode.NotFound, "agent_not_found", "agent");
        Assert.Contains("Did you mean 'default'?", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
