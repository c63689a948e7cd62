using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Tests.Api.Contract;
using AgentPlatform.Tests.EndToEnd.Cost;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Postgres;
using AgentPlatform.Tests.Redis;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Budgets;

/// <summary>What a caller meets whose session has a budget of one run and of 10,000 tokens a month; 100 of them are set aside for each run.</summary>
public sealed class BudgetRefusalTests(PostgresFixture postgres, TestRedis redis) : IClassFixture<TestRedis>, IAsyncLifetime
{
    private FakeModelServer _model = null!;
    private Platform _platform = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _model = await FakeModelServer.StartAsync(Cancellation);
        _platform = new Platform(
            await postgres.CreateDatabaseAsync(Cancellation), redis.Port, _model.BaseUrl,
            ("Budgets:Session:Runs", "1"), ("Budgets:Session:Tokens", "10000"), ("Budgets:Session:Window", "Month"), ("Budgets:ReserveTokens", "100"));
    }

    public async ValueTask DisposeAsync()
    {
        await _platform.DisposeAsync();
        await _model.DisposeAsync();
    }

    [Fact]
    public async Task The_run_that_is_too_much_is_429_with_the_budget_and_when_it_begins_anew()
    {
        await AnsweredAsync(new { question = "Hello.", session_id = "one" });

        using var response = await PostAsync("/agent", new { question = "Hello again.", session_id = "one" });

        var problem = await Problems.ReadAsync(response, HttpStatusCode.TooManyRequests, "budget_exceeded", null);
        var budget = problem.GetProperty("budget");
        Assert.Equal(("session", "runs"), (budget.GetProperty("scope").GetString(), budget.GetProperty("unit").GetString()));
        Assert.Equal((1, 1, 0, 1), (Number("limit"), Number("used"), Number("reserved"), Number("asked")));
        var resets = budget.GetProperty("resets_at").GetDateTimeOffset().UtcDateTime;
        Assert.Equal((1, TimeSpan.Zero), (resets.Day, resets.TimeOfDay));
        Assert.Equal(budget.GetProperty("resets_in").GetInt64(), (long)response.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        Assert.Contains($"The session's budget of 1 runs does not allow another run: 1 used, 0 set aside for runs under way, and this one asks for 1. It begins anew at {resets:yyyy-MM-dd}T00:00:00Z.", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);

        using var executor = new HttpClient();
        var metrics = await executor.GetStringAsync($"http://127.0.0.1:{_platform.ExecutorPort}/metrics", Cancellation);
        Assert.Contains("agent_budget_refusals_total{scope=\"session\",unit=\"runs\"} ", metrics, StringComparison.Ordinal);

        decimal Number(string name) => budget.GetProperty(name).GetDecimal();
    }

    [Fact]
    public async Task A_stream_and_a_background_run_are_refused_in_the_same_way_and_no_key_keeps_that()
    {
        await AnsweredAsync(new { question = "Hello.", session_id = "keyed" });

        using var stream = await PostAsync("/agent", new { question = "And?", session_id = "keyed", stream = true });
        await Problems.ReadAsync(stream, HttpStatusCode.TooManyRequests, "budget_exceeded", null);
        using var background = await PostAsync("/runs", new { question = "And?", session_id = "keyed" });
        await Problems.ReadAsync(background, HttpStatusCode.TooManyRequests, "budget_exceeded", null);
        foreach (var path in (string[])["/agent", "/runs", "/agent", "/runs"])
        {
            using var keyed = await PostAsync(path, new { question = "And?", session_id = "keyed" }, key: "k");
            Assert.Equal("session", (await Problems.ReadAsync(keyed, HttpStatusCode.TooManyRequests, "budget_exceeded", null)).GetProperty("budget").GetProperty("scope").GetString());
            Assert.False(keyed.Headers.Contains("Idempotency-Replayed"));
            Assert.NotNull(keyed.Headers.RetryAfter);
        }

        Assert.Equal(1, _model.Requests.Count(request => request.LastUserText is "Hello." or "And?"));
    }

    [Fact]
    public async Task A_background_run_counts_too_and_an_answer_from_the_cache_does_not()
    {
        await AnsweredAsync(new { question = "Hello, cache." });
        var hit = await AnsweredAsync(new { question = "Hello, cache.", session_id = "cached" });
        Assert.True(hit.GetProperty("cached").GetBoolean(), $"{hit}");
        Assert.Equal((0, 0), Use(await StandingAsync("cached"), "runs"));

        using var accepted = await PostAsync("/runs", new { question = "Work.", session_id = "cached" });
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);

        await Until.TrueAsync(async () => Use(await StandingAsync("cached"), "runs") is (1, 0), "the run is counted", Cancellation);
        using var refused = await PostAsync("/agent", new { question = "More.", session_id = "cached" });
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public async Task A_run_stops_where_what_was_set_aside_for_it_ends_and_what_it_really_used_is_counted()
    {
        _model.When(
            request => request.LastUserText == "Count.",
            request => request.Offers("calculator") ? FakeReply.Call("calculator", $$"""{"expression":"{{request.RoundsSinceQuestion}}+1"}""") : FakeReply.Answer("So far."));

        var answer = await AnsweredAsync(new { question = "Count.", session_id = "bound" });

        Assert.Equal(("So far.", "partial", "limit"), (answer.GetProperty("answer").GetString(), Degraded("level"), Degraded("reason")));
        var used = answer.GetProperty("usage").GetProperty("total_tokens").GetInt64();
        Assert.InRange(used, 100, 9_999);
        var standing = await StandingAsync("bound");
        Assert.Equal(((1, 0), (used, 0)), (Use(standing, "runs"), Use(standing, "tokens")));
        var run = await GetAsync($"/runs/{answer.GetProperty("run_id").GetString()}");
        Assert.Equal("max_total_tokens", run.GetProperty("limit").GetString());
        Assert.Equal(100, run.GetProperty("steps")[0].GetProperty("max_total_tokens").GetInt64());

        string? Degraded(string member) => answer.GetProperty("degraded").GetProperty(member).GetString();
    }

    private static (decimal Used, decimal Reserved) Use(JsonElement standing, string unit)
    {
        var use = standing.GetProperty(unit);
        return (use.GetProperty("used").GetDecimal(), use.GetProperty("reserved").GetDecimal());
    }

    private async Task<JsonElement> StandingAsync(string session) =>
        Assert.Single((await GetAsync($"/budgets?session_id={session}")).GetProperty("budgets").EnumerateArray());

    private async Task<JsonElement> GetAsync(string path) => await _platform.Http.GetFromJsonAsync<JsonElement>(path, Cancellation);

    private async Task<JsonElement> AnsweredAsync(object body)
    {
        using var response = await PostAsync("/agent", body);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonElement.Parse(text);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, object body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await _platform.Http.SendAsync(request, Cancellation);
    }
}
