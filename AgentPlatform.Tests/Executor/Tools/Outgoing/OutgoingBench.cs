using AgentPlatform.Executor.Tools.Http;
using AgentPlatform.Executor.Tools.HttpGet;
using AgentPlatform.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.Outgoing;

/// <summary>The real client over the test's internet: a public server that redirects as told, and a canary on loopback.</summary>
internal sealed class OutgoingBench : IAsyncDisposable
{
    private OutgoingBench(WebSite site) => (Site, Network.PublicPort) = (site, site.Port);

    public TestNetwork Network { get; } = HostileUrls.Names(new TestNetwork()).Name("public.example", TestNetwork.PublicAddress);

    public Canary Canary { get; } = new();

    public WebSite Site { get; }

    public static async Task<OutgoingBench> StartAsync() => new(await WebSite.StartAsync(
        routes =>
        {
            routes.Map("/page", () => Results.Text("a public page"));
            routes.Map("/to", (int status, string url, HttpContext context) =>
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = url;
            });
        },
        TestContext.Current.CancellationToken));

    /// <summary>What <c>http_get</c> gave, in its client of its own, so that no connection is left over from another call.</summary>
    public async Task<string> GetAsync(string url, params string[] allowed)
    {
        var options = Options.Create(new HttpGetOptions { AllowedHosts = allowed });
        using var client = new HttpGetClient(
            options, Network.Http, new HttpToolBulkheads(Options.Create(new HttpToolLimits()), TestCircuits.Metrics()), TestCircuits.New(), TimeProvider.System);
        return await new HttpGetPlugin(client, options).GetAsync(url, ToolBench.Call, TestContext.Current.CancellationToken);
    }

    /// <summary>Null when the URL was refused; otherwise what happened instead.</summary>
    public async Task<string?> NotRefusedAsync(string url)
    {
        try
        {
            return $"{url} gave: {await GetAsync(url)}";
        }
        catch (ToolException exception) when (exception.Kind is ToolErrorKind.Refused)
        {
            return null;
        }
        catch (ToolException exception)
        {
            return $"{url} failed as {exception.Kind}: {exception.Message}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Canary.DisposeAsync();
        await Site.DisposeAsync();
    }
}
