using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using AgentPlatform.Api.Identity;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Api.Contract;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentPlatform.Tests.Api.Identity;

/// <summary>Who is not known, or may not, gets nowhere: asked of every route there is.</summary>
public sealed class RefusedCallerTests : IAsyncLifetime
{
    private const string GoodKey = "ap_0123456789012345678901234567890123456789";
    private const string RevokedKey = "ap_revoked000000000000000000000000000000000";

    private ScriptedExecutor _executor = null!;
    private ApiProcess _api = null!;
    private HttpClient _client = null!;

    public static TheoryData<string, string?> Strangers => new()
    {
        { "nobody", null },
        { "an empty token", "Bearer " },
        { "another scheme", "Basic YWRtaW46YWRtaW4=" },
        { "a key that is none of ours", "Bearer sk-0123456789" },
        { "a key that nobody made", "Bearer ap_9999999999999999999999999999999999999999" },
        { "a revoked key", $"Bearer {RevokedKey}" },
        { "a key of the wrong shape", "Bearer ap_short" },
        { "an expired token", $"Bearer {TestTokens.Of(expires: TimeSpan.FromMinutes(-2))}" },
        { "a token for somebody else", $"Bearer {TestTokens.Of(audience: "another")}" },
        { "a token of another issuer", $"Bearer {TestTokens.Of(issuer: "https://evil.example.org")}" },
        { "a token signed by somebody else", $"Bearer {TestTokens.Of(key: RandomNumberGenerator.GetBytes(32))}" },
        { "an unsigned token", $"Bearer {TestTokens.Unsigned()}" },
        { "a token without a tenant", $"Bearer {TestTokens.Of(tenant: null)}" },
        { "a token with an impossible tenant", $"Bearer {TestTokens.Of(tenant: "a/../b")}" },
    };

    public async ValueTask InitializeAsync()
    {
        _executor = await ScriptedExecutor.StartAsync();
        Samples.Script(_executor);
        _executor.On("POST /keys/verify", async context =>
        {
            var proof = JsonSerializer.Deserialize<KeyProof>(_executor.Seen[^1].Body, WireJson.Options)!;
            if (proof.Hash != ApiKeyText.Hash(GoodKey))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                await context.Response.WriteAsJsonAsync(new { code = ProblemCodes.KeyNotFound, detail = "There is no such key." }, context.RequestAborted);
                return;
            }

            await context.Response.WriteAsync(JsonSerializer.Serialize(
                new KeyHolder("acme", Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), "ci", [Scopes.Read]), WireJson.Options));
        });
        _api = ApiProcess.Start([_executor.Address], ("Identity:ApiKeys", "true"));
        _client = _api.CreateDefaultClient();
        _client.DefaultRequestHeaders.Authorization = null;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _api.DisposeAsync();
        await _executor.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task A_stranger_is_refused_at_every_route_and_no_executor_hears_of_it(string stranger, string? authorization)
    {
        foreach (var route in Guarded())
        {
            using var response = await SendAsync(route, authorization);
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{stranger} at {route}: {response.StatusCode}");
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
            var problem = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Contains("\"code\":\"unauthenticated\"", problem, StringComparison.Ordinal);
        }

        Assert.All(_executor.Seen, request => Assert.True(request.Route is "POST /keys/verify" or "GET /agents" or "GET /health", request.Route));
    }

    [Fact]
    public async Task Who_lacks_the_scope_is_refused_at_every_route_that_asks_for_it()
    {
        foreach (var route in Guarded())
        {
            var others = string.Join(' ', Scopes.All.Where(scope => scope != route.Scope));
            using var response = await SendAsync(route, $"Bearer {TestTokens.Of(scope: others)}");
            Assert.True(response.StatusCode == HttpStatusCode.Forbidden, $"{route}: {response.StatusCode}");
            Assert.Contains($"'{route.Scope}'", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_route_asks_for_a_scope_or_is_one_of_the_few_that_are_open()
    {
        var open = Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<RequiredScope>() is null).ToList();

        Assert.All(open, endpoint => Assert.NotNull(endpoint.Metadata.GetMetadata<IAllowAnonymous>()));
        Assert.All(Endpoints().Except(open), endpoint => Assert.Null(endpoint.Metadata.GetMetadata<IAllowAnonymous>()));
        Assert.All(open.Select(Path), path => Assert.True(
            path is "/" or "/alive" or "/ready" or "/openapi/{documentName}.json" || path.StartsWith("/docs", StringComparison.Ordinal), path));
    }

    [Theory]
    [InlineData("Authorization", "Bearer " + GoodKey)]
    [InlineData("Authorization", "bearer " + GoodKey)]
    [InlineData("x-api-key", GoodKey)]
    public async Task A_key_opens_its_tenant_with_its_scopes_however_it_is_sent(string header, string value)
    {
        using var look = new HttpRequestMessage(HttpMethod.Get, "/sessions");
        look.Headers.TryAddWithoutValidation(header, value);
        using var seen = await _client.SendAsync(look, TestContext.Current.CancellationToken);
        using var ask = new HttpRequestMessage(HttpMethod.Post, "/agent");
        ask.Headers.TryAddWithoutValidation(header, value);
        using var refused = await _client.SendAsync(ask, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (seen.StatusCode, refused.StatusCode));
        var request = Assert.Single(_executor.Seen, request => request.Route == "GET /sessions");
        Assert.Equal(("acme", ScriptedExecutor.InternalKey), (request.Headers[InternalWire.TenantHeader].ToString(), request.Headers[InternalWire.KeyHeader].ToString()));
        Assert.Single(_executor.Seen, request => request.Route == "POST /keys/verify");
    }

    [Fact]
    public async Task Of_two_keys_that_differ_neither_counts()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sessions");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", GoodKey);
        request.Headers.Add("x-api-key", RevokedKey);
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Nothing_a_request_holds_but_its_proof_decides_the_tenant()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sessions?tenant=acme&tenant_id=acme");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Of(tenant: "other"));
        request.Headers.Add(InternalWire.TenantHeader, "acme");
        using var refused = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        using var plain = new HttpRequestMessage(HttpMethod.Get, "/sessions");
        plain.Headers.Authorization = request.Headers.Authorization;
        plain.Headers.Add(InternalWire.TenantHeader, "acme");
        using var response = await _client.SendAsync(plain, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.StatusCode, response.StatusCode));
        Assert.Equal("other", Assert.Single(_executor.Seen, seen => seen.Route == "GET /sessions").Headers[InternalWire.TenantHeader].ToString());
    }

    [Fact]
    public async Task A_key_nobody_can_be_asked_about_is_not_called_wrong_and_one_that_was_good_stays_good()
    {
        Assert.Equal(HttpStatusCode.OK, await LookAsync(GoodKey));
        await _executor.DisposeAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await LookAsync(RevokedKey));
        using var metrics = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        metrics.Headers.Add("x-api-key", GoodKey);
        using var response = await _client.SendAsync(metrics, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<HttpStatusCode> LookAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sessions");
        request.Headers.Add("x-api-key", key);
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private async Task<HttpResponseMessage> SendAsync(GuardedRoute route, string? authorization)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), route.Path);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    private List<RouteEndpoint> Endpoints() =>
        [.. _api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private IEnumerable<GuardedRoute> Guarded() =>
        from endpoint in Endpoints()
        let scope = endpoint.Metadata.GetMetadata<RequiredScope>()?.Scope
        where scope is not null
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select new GuardedRoute(method, FilledIn(Path(endpoint)), scope);

    private static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');

    private static string FilledIn(string path) => path
        .Replace("{run_id}", Samples.RunId.ToString(), StringComparison.Ordinal)
        .Replace("{response_id}", $"resp_{Samples.RunId:N}", StringComparison.Ordinal)
        .Replace("{tool}", "send_mail", StringComparison.Ordinal)
        .Replace("{key_id}", Samples.RunId.ToString(), StringComparison.Ordinal)
        .Replace("{session_id}", "order-4711", StringComparison.Ordinal)
        .Replace("{call_id}", "c2", StringComparison.Ordinal)
        .Replace("{name}", "default", StringComparison.Ordinal);

    private sealed record GuardedRoute(string Method, string Path, string Scope);
}
