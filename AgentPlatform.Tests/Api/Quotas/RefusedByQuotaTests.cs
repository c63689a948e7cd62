using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.ServiceDefaults;
using AgentPlatform.Tests.Api.Contract;
using AgentPlatform.Tests.Api.Identity;
using AgentPlatform.Tests.Api.Mcp;
using AgentPlatform.Tests.Redis;
using Xunit;

namespace AgentPlatform.Tests.Api.Quotas;

/// <summary>What callers of the API itself see of quotas.</summary>
public sealed class RefusedByQuotaTests : IAsyncLifetime
{
    private readonly TestRedis _redis = new();
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FakeExecutor _executor = null!;
    private ApiProcess _api = null!;
    private HttpClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis.Start();
        _executor = await FakeExecutor.StartAsync(async run =>
        {
            await run.HeartbeatAsync();
            if (run.Request.Question.StartsWith("wait", StringComparison.Ordinal))
            {
                await _answer.Task.WaitAsync(run.HungUp);
            }

            await run.CompleteAsync();
        });
        _api = ApiProcess.Start(
            [_executor.Address],
            ($"ConnectionStrings:{ResourceNames.Cache}", _redis.ConnectionString),
            // A busy machine is no reason to count without Redis.
            ("Quotas:Deadline", "00:00:05"),
            ("Quotas:Lease", "00:00:03"),
            ("Quotas:Tenants:often:Requests", "2"),
            ("Quotas:Tenants:often:Period", "01:00:00"),
            ("Quotas:Tenants:much:Concurrent", "1"));
        _client = _api.CreateDefaultClient();
    }

    public async ValueTask DisposeAsync()
    {
        _answer.TrySetResult();
        _client.Dispose();
        await _api.DisposeAsync();
        await _executor.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Who_asks_too_often_is_told_what_the_limit_is_and_when_to_come_back_in_the_words_of_each_door()
    {
        using var first = await AskAsync("often", "/agent", new { question = "one" });
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("""
            "requests";q=2;w=3600
            """, first.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal("""
            "requests";r=1;t=1800
            """, first.Headers.GetValues("RateLimit").Single());
        Assert.Equal(["2", "1", "1800"], new[] { "Limit", "Remaining", "Reset" }.Select(name => first.Headers.GetValues($"RateLimit-{name}").Single()));
        using var second = await AskAsync("often", "/runs", new { question = "two" });
        Assert.Equal(HttpStatusCode.Accepted, second.StatusCode);

        using var refused = await AskAsync("often", "/agent", new { question = "three" });
        var problem = await Problems.ReadAsync(refused, HttpStatusCode.TooManyRequests, "rate_limited", null);
        Assert.StartsWith("Your key or token may ask 2 times in 3600 s, at most 2 times at once, and has. Wait ", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1700, 1800);
        Assert.Equal("0", refused.Headers.GetValues("RateLimit-Remaining").Single());

        foreach (var (path, body) in new (string, object)[]
        {
            ("/v1/chat/completions", new { model = "default", messages = new[] { new { role = "user", content = "four" } } }),
            ("/v1/responses", new { model = "default", input = "five" }),
        })
        {
            using var openAI = await AskAsync("often", path, body);
            var error = JsonElement.Parse(await openAI.Content.ReadAsStringAsync(Stop)).GetProperty("error");
            Assert.Equal(HttpStatusCode.TooManyRequests, openAI.StatusCode);
            Assert.Equal(("rate_limit_error", "rate_limited"), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
            Assert.True(openAI.Headers.RetryAfter?.Delta > TimeSpan.FromMinutes(20));
        }

        await using var mcp = await McpConnection.ConnectAsync(_client.BaseAddress!, token: TestTokens.Of("often"));
        var call = await mcp.AskAsync("default", new { question = "six" });
        Assert.True(call.IsError);
        Assert.Equal("rate_limited", (string?)call.Meta!["problem"]!["code"]);
        Assert.InRange((long)call.Meta["problem"]!["retry_after"]!, 1700, 1800);

        using var other = await AskAsync("local", "/agent", new { question = "seven" });
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.DoesNotContain(other.Headers, header => header.Key.StartsWith("RateLimit", StringComparison.Ordinal));
        using var look = await SendAsync("often", HttpMethod.Get, "/agents", null, Stop);
        Assert.Equal(HttpStatusCode.OK, look.StatusCode);
        Assert.Contains("agent_quota_refusals_total{kind=\"requests\"} 4", await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_is_held_until_the_answer_is_sent_or_its_caller_is_gone()
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var asked = SendAsync("much", HttpMethod.Post, "/agent", new { question = "wait for me" }, leaving.Token);
        await Wait.UntilAsync(() => _executor.Runs.Count == 1, "the first question is with the executor");
        using var refused = await AskAsync("much", "/agent", new { question = "too much" });
        var problem = await Problems.ReadAsync(refused, HttpStatusCode.TooManyRequests, "rate_limited", null);
        Assert.StartsWith("Your tenant may have 1 requests under way at a time", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("""
            "concurrent";r=0
            """, refused.Headers.GetValues("RateLimit").Single());
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        // The place of the one who left is free a moment after they are gone.
        using var stream = await AnsweredAsync(new { question = "wait, streamed", stream = true });
        using var meanwhile = await AskAsync("much", "/agent", new { question = "meanwhile" });
        Assert.Equal(HttpStatusCode.TooManyRequests, meanwhile.StatusCode);
        _answer.SetResult();
        Assert.Contains("event: done", await stream.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        using var after = await AnsweredAsync(new { question = "after a stream that ended" });
    }

    [Fact]
    public async Task A_place_is_renewed_as_long_as_its_answer_takes()
    {
        using var stream = await AnsweredAsync(new { question = "wait, streamed", stream = true });
        await using var redis = await _redis.ConnectAsync();
        var first = await UntilAsync();
        double later = first;
        await Wait.UntilAsync(async () => (later = await UntilAsync()) > first, "the place to be renewed");
        Assert.InRange(later - first, 500_000, 60_000_000);

        async Task<double> UntilAsync() => Assert.Single(await redis.GetDatabase().SortedSetRangeByRankWithScoresAsync("quota:{much}:places")).Score;
    }

    private async Task<HttpResponseMessage> AnsweredAsync(object body)
    {
        HttpResponseMessage response = null!;
        await Wait.UntilAsync(
            async () =>
            {
                response = await AskAsync("much", "/agent", body);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    return true;
                }

                response.Dispose();
                return false;
            },
            "a place to be free");
        return response;
    }

    private Task<HttpResponseMessage> AskAsync(string tenant, string path, object body) => SendAsync(tenant, HttpMethod.Post, path, body, Stop);

    private async Task<HttpResponseMessage> SendAsync(string tenant, HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Of(tenant));
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }
}
