using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace AgentPlatform.Tests.Api.Contract;

/// <summary>Runs that nobody waits for: there when accepted, and only then.</summary>
public sealed class BackgroundRunTests
{
    [Theory]
    [InlineData(true, "queued")]
    [InlineData(false, "running")]
    public async Task An_accepted_run_is_202_and_says_where_to_look(bool queued, string status)
    {
        await using var executor = await FakeExecutor.StartAsync(run => run.AcceptAsync(queued));
        await using var api = ApiProcess.Start(executor.Address);
        using var client = api.CreateDefaultClient();

        using var response = await StartAsync(client, new { question = "x", session_id = "s:1", timeout = 600, metadata = new { team = "a" }, user = "ada" });

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var run = Assert.Single(executor.Runs);
        Assert.Equal($$"""{"run_id":"{{run.RunId}}","status":"{{status}}","session_id":"s:1"}""", await BodyAsync(response));
        Assert.Equal($"/runs/{run.RunId}", response.Headers.Location?.OriginalString);
        Assert.Equal((true, false, 600, "s:1", "ada", "a"), (run.Background, run.Attach, run.Timeout, run.SessionId, run.User, run.Metadata!["team"]));
    }

    [Fact]
    public async Task Once_accepted_nobody_listens_any_more()
    {
        var left = new TaskCompletionSource();
        await using var executor = await FakeExecutor.StartAsync(async run =>
        {
            run.HungUp.Register(left.SetResult);
            await run.HeartbeatAsync();
            await run.AcceptAsync();
            await run.WorkForeverAsync();
        });
        await using var api = ApiProcess.Start(executor.Address);
        using var client = api.CreateDefaultClient();

        using var response = await StartAsync(client, new { question = "x" });

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await left.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Contact_lost_before_the_acceptance_means_the_same_run_at_another_executor()
    {
        var attempts = 0;
        Task OnRun(FakeRun run) => Interlocked.Increment(ref attempts) == 1 ? run.HeartbeatAsync() : run.AcceptAsync();
        await using var one = await FakeExecutor.StartAsync(OnRun);
        await using var other = await FakeExecutor.StartAsync(OnRun);
        await using var api = ApiProcess.Start(one.Address, other.Address);
        using var client = api.CreateDefaultClient();

        using var response = await StartAsync(client, new { question = "x" });

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var runs = one.Runs.Concat(other.Runs).OrderBy(run => run.Attach).ToArray();
        Assert.Equal([false, true], runs.Select(run => run.Attach));
        Assert.Single(runs.Select(run => run.RunId).Distinct());
    }

    [Theory]
    [InlineData("overloaded", "overloaded")]
    [InlineData("database_unavailable", "database_unavailable")]
    [InlineData("draining", "executor_unavailable")]
    public async Task What_no_executor_accepts_is_503_and_never_an_answer(string refused, string code)
    {
        await using var executor = await FakeExecutor.StartAsync(run => run.RefuseAsync(503, refused, 3));
        await using var api = ApiProcess.Start(executor.Address);
        using var client = api.CreateDefaultClient();

        using var response = await StartAsync(client, new { question = "x" });

        await Problems.ReadAsync(response, HttpStatusCode.ServiceUnavailable, code, null);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task With_nobody_there_it_is_503()
    {
        await using var api = ApiProcess.Start(ApiProcess.Nobody);
        using var client = api.CreateDefaultClient();

        using var response = await StartAsync(client, new { question = "x" });

        await Problems.ReadAsync(response, HttpStatusCode.ServiceUnavailable, "executor_unavailable", null);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("""{"question":"x","stream":false}""", "stream")]
    [InlineData("""{"question":"x","strict":true}""", "strict")]
    [InlineData("""{"question":" "}""", "question")]
    [InlineData("""{"question":"x","timeout":601}""", "timeout")]
    [InlineData("""{"question":"x","session_id":"a b"}""", "session_id")]
    [InlineData("""{"question":"x","metadata":{"a":7}}""", "metadata")]
    public async Task A_bad_body_is_a_problem_that_names_the_member(string body, string field)
    {
        await using var executor = await FakeExecutor.StartAsync();
        await using var api = ApiProcess.Start(executor.Address);
        using var client = api.CreateDefaultClient();

        using var response = await StartAsync(client, JsonElement.Parse(body));

        await Problems.ReadAsync(response, HttpStatusCode.BadRequest, "invalid_request", field);
        Assert.Empty(executor.Runs);
    }

    [Fact]
    public async Task An_unknown_agent_is_404()
    {
        await using var executor = await FakeExecutor.StartAsync();
        await using var api = ApiProcess.Start(executor.Address);
        using var client = api.CreateDefaultClient();

        using var response = await StartAsync(client, new { question = "x", agent = "defualt" });

        await Problems.ReadAsync(response, HttpStatusCode.NotFound, "agent_not_found", "agent");
    }

    private static Task<HttpResponseMessage> StartAsync<T>(HttpClient client, T body) =>
        client.PostAsJsonAsync(new Uri("/runs", UriKind.Relative), body, TestContext.Current.CancellationToken);

    private static Task<string> BodyAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
