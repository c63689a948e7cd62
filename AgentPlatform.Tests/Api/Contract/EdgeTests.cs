using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Xunit;

namespace AgentPlatform.Tests.Api.Contract;

public sealed class EdgeTests(ContractApi api) : IClassFixture<ContractApi>
{
    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/agent/x")]
    [InlineData("/sessions/order-4711/nowhere")]
    public async Task An_unknown_path_is_a_problem(string path)
    {
        using var response = await api.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        await Problems.ReadAsync(response, HttpStatusCode.NotFound, "not_found", null);
    }

    [Fact]
    public async Task A_problem_is_a_problem_whatever_the_caller_accepts()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await Problems.ReadAsync(response, HttpStatusCode.NotFound, "not_found", null);
    }

    [Theory]
    [InlineData("GET", "/agent", "POST")]
    [InlineData("DELETE", "/runs", "GET, POST")]
    [InlineData("POST", "/sessions/s/state", "GET, PUT")]
    public async Task Another_method_is_405_and_says_which_are_allowed(string method, string path, string allowed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await Problems.ReadAsync(response, HttpStatusCode.MethodNotAllowed, "method_not_allowed", null);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
    }

    [Fact]
    public async Task Nothing_tells_which_server_this_is()
    {
        using var response = await api.Client.GetAsync(new Uri("/alive", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("Server"));
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task The_root_leads_to_the_docs()
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler);
        using var response = await client.GetAsync(api.Address, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/docs", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Metrics_come_as_totals_for_those_who_ask_for_JSON()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var body = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            ["total_requests", "total_errors", "total_fallbacks", "cache_hits", "cache_misses", "active_runs"],
            body.EnumerateObject().Select(member => member.Name));
        Assert.All(body.EnumerateObject(), member => Assert.True(member.Value.TryGetInt64(out _)));
    }
}
