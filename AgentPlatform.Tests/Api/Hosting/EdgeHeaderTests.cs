using System.Net;
using AgentPlatform.Tests.Api.Contract;
using Microsoft.Extensions.Options;
using Xunit;

namespace AgentPlatform.Tests.Api.Hosting;

/// <summary>What the API says to browsers and believes of proxies; outside Development, over Kestrel.</summary>
public sealed class EdgeHeaderTests
{
    private const string Page = "https://app.example.com";

    [Fact]
    public async Task Every_answer_is_for_its_caller_alone_and_no_page()
    {
        await using var api = ApiProcess.Start(ApiProcess.Nobody);
        using var client = api.CreateDefaultClient();
        foreach (var path in (string[])["/runs", "/nowhere", "/alive", "/metrics"])
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

            Assert.Equal("nosniff", Only(response, "X-Content-Type-Options"));
            Assert.Equal("no-referrer", Only(response, "Referrer-Policy"));
            Assert.Equal("no-store", Only(response, "Cache-Control"));
            Assert.Equal("default-src 'none'; frame-ancestors 'none'", Only(response, "Content-Security-Policy"));
            Assert.False(response.Headers.Contains("Server"));
            // Nobody came by HTTPS.
            Assert.False(response.Headers.Contains("Strict-Transport-Security"));
        }

        using var docs = await client.GetAsync(new Uri("/docs", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("script-src 'self' 'nonce-", Only(docs, "Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_believed_about_where_a_request_came_from_unless_named()
    {
        Assert.Null(await StrictTransportAsync("https", []));
        Assert.Null(await StrictTransportAsync("https", [("ForwardedHeaders:KnownProxies:0", "10.9.8.7")]));
        Assert.NotNull(await StrictTransportAsync("https", [("ForwardedHeaders:KnownProxies:0", "127.0.0.1")]));
        Assert.NotNull(await StrictTransportAsync("https", [("ForwardedHeaders:KnownNetworks:0", "127.0.0.0/8")]));
        Assert.Null(await StrictTransportAsync("http", [("ForwardedHeaders:KnownProxies:0", "127.0.0.1")]));
    }

    [Fact]
    public async Task HTTP_leads_to_HTTPS_where_the_API_has_a_port_for_it_and_probes_stay()
    {
        await using var api = ApiProcess.Start([ApiProcess.Nobody], ("https_port", "8443"));
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = api.CreateDefaultClient().BaseAddress };

        using var asked = await client.GetAsync(new Uri("/runs?limit=3", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.TemporaryRedirect, "https://127.0.0.1:8443/runs?limit=3"), (asked.StatusCode, asked.Headers.Location?.OriginalString));
        using var probed = await client.GetAsync(new Uri("/alive", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, probed.StatusCode);
    }

    [Fact]
    public async Task Pages_of_other_origins_are_let_in_by_name_only()
    {
        await using var closed = ApiProcess.Start(ApiProcess.Nobody);
        using var nobody = await PreflightAsync(closed, Page);
        Assert.False(nobody.Headers.Contains("Access-Control-Allow-Origin"));

        await using var open = ApiProcess.Start([ApiProcess.Nobody], ("Cors:Origins:0", Page));
        using var foreign = await PreflightAsync(open, "https://evil.example");
        Assert.False(foreign.Headers.Contains("Access-Control-Allow-Origin"));

        using var allowed = await PreflightAsync(open, Page);
        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal(Page, Only(allowed, "Access-Control-Allow-Origin"));
        Assert.False(allowed.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.Contains("x-stainless-lang", Only(allowed, "Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Contains("PUT", Only(allowed, "Access-Control-Allow-Methods"), StringComparison.Ordinal);

        using var client = open.CreateDefaultClient();
        client.DefaultRequestHeaders.Add("Origin", Page);
        using var answer = await client.GetAsync(new Uri("/nowhere", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(Page, Only(answer, "Access-Control-Allow-Origin"));
        foreach (var name in (string[])["RateLimit", "ETag", "Location", "Retry-After", "X-Agent-Degraded"])
        {
            Assert.Contains(name, Only(answer, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Only_hosts_that_are_named_are_answered()
    {
        await using var api = ApiProcess.Start([ApiProcess.Nobody], ("AllowedHosts", "api.example.com"));
        using var client = api.CreateDefaultClient();

        using var other = await client.GetAsync(new Uri("/alive", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
        client.DefaultRequestHeaders.Host = "api.example.com";
        using var named = await client.GetAsync(new Uri("/alive", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, named.StatusCode);
    }

    [Theory]
    [InlineData("Cors:Origins:0", "*")]
    [InlineData("Cors:Origins:0", "https://app.example.com/path")]
    [InlineData("ForwardedHeaders:KnownProxies:0", "proxy.local")]
    [InlineData("ForwardedHeaders:KnownNetworks:0", "10.0.0.0")]
    [InlineData("ForwardedHeaders:ForwardLimit", "0")]
    public void A_setting_that_cannot_be_meant_stops_the_start_and_is_named(string key, string value)
    {
        var exception = Assert.ThrowsAny<Exception>(() => ApiProcess.Start([ApiProcess.Nobody], (key, value)));

        var failure = Assert.IsType<OptionsValidationException>(exception.GetBaseException());
        Assert.Contains(key.Split(':')[1], failure.Message, StringComparison.Ordinal);
    }

    private static async Task<string?> StrictTransportAsync(string scheme, (string Key, string Value)[] settings)
    {
        await using var api = ApiProcess.Start([ApiProcess.Nobody], settings);
        using var client = api.CreateDefaultClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        request.Headers.Host = "api.example.com";
        request.Headers.Add("X-Forwarded-Proto", scheme);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.Headers.TryGetValues("Strict-Transport-Security", out var values) ? values.Single() : null;
    }

    private static async Task<HttpResponseMessage> PreflightAsync(ApiProcess api, string origin)
    {
        using var client = new HttpClient { BaseAddress = api.CreateDefaultClient().BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Options, "/sessions/s/state");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "PUT");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,if-match,content-type,x-stainless-lang");
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string Only(HttpResponseMessage response, string name) =>
        string.Join(", ", response.Headers.TryGetValues(name, out var values) ? values : []);
}
