using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Agents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AgentPlatform.Tests.Executor.Agents;

public sealed class AgentEndpointTests : IAsyncLifetime
{
    private readonly AgentBench _bench = new();
    private readonly HttpClient _http = new();
    private AgentCatalogue _catalogue = null!;
    private WebApplication _application = null!;

    public async ValueTask InitializeAsync()
    {
        _bench.Write("a.yaml", AgentBench.Minimal("a", "tools: [calculator]"));
        _catalogue = _bench.Catalogue();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(_catalogue);
        _application = builder.Build();
        _application.MapAgents();
        await _application.StartAsync(TestContext.Current.CancellationToken);
        _http.BaseAddress = new Uri(_application.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _application.DisposeAsync();
        _bench.Dispose();
    }

    [Fact]
    public async Task The_catalogue_comes_with_a_tag_and_is_not_sent_twice()
    {
        using var first = await GetAsync("/agents");
        var agents = await first.Content.ReadFromJsonAsync<AgentInfo[]>(WireJson.Options, TestContext.Current.CancellationToken);

        Assert.Equal("calculator", Assert.Single(Assert.Single(agents!).Tools).Name);
        Assert.Equal(_catalogue.ETag, first.Headers.ETag!.ToString());

        using var second = await GetAsync("/agents", first.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

        _bench.Write("b.yaml", AgentBench.Minimal("b"));
        _catalogue.Reload();
        using var third = await GetAsync("/agents", first.Headers.ETag);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
        Assert.NotEqual(first.Headers.ETag, third.Headers.ETag);
    }

    [Fact]
    public async Task One_agent_can_be_asked_for()
    {
        var agent = await _http.GetFromJsonAsync<AgentInfo>("/agents/a", WireJson.Options, TestContext.Current.CancellationToken);

        Assert.Equal(("a", _catalogue.Find("a")!.Version), (agent!.Name, agent.Version));
    }

    [Fact]
    public async Task An_agent_that_is_not_there_is_a_problem_with_a_code()
    {
        using var response = await GetAsync("/agents/nobody");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("agent_not_found", problem.GetProperty("code").GetString());
        Assert.Equal("There is no agent 'nobody'.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public void Mapping_without_the_registration_names_the_call_to_add()
    {
        var application = WebApplication.CreateSlimBuilder().Build();

        Assert.Equal("MapAgents needs services.AddAgents(…).", Assert.Throws<InvalidOperationException>(() => application.MapAgents()).Message);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, EntityTagHeaderValue? tag = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (tag is not null)
        {
            request.Headers.IfNoneMatch.Add(tag);
        }

        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
