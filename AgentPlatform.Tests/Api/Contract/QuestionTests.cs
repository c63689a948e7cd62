using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using Xunit;

namespace AgentPlatform.Tests.Api.Contract;

public sealed class QuestionTests(ContractApi api) : IClassFixture<ContractApi>
{
    [Fact]
    public async Task Everything_of_the_body_reaches_the_executor()
    {
        using var response = await AskAsync(new
        {
            question = "What is 17% of 2340?",
            session_id = "order:4711",
            timeout = 2.5,
            agent = "default",
            stream = false,
            strict = true,
            metadata = new { team = "support" },
            user = "ada",
        });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var run = LastRun();
        Assert.Equal("What is 17% of 2340?", run.Question);
        Assert.Equal("order:4711", run.SessionId);
        Assert.InRange(run.Timeout, 2.0, 2.5);
        Assert.Equal("default", run.Agent);
        Assert.Equal("support", run.Metadata!["team"]);
        Assert.Equal("ada", run.User);
        Assert.Equal(InternalWire.LocalTenant, run.TenantId);
    }

    [Fact]
    public async Task Members_left_out_or_null_have_their_defaults()
    {
        using var response = await AskAsync(new { question = "x", session_id = (string?)null, timeout = (double?)null, agent = (string?)null, stream = (bool?)null, metadata = (object?)null, user = (string?)null });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var run = LastRun();
        Assert.Equal("default", run.Agent);
        Assert.InRange(run.Timeout, 29, 30);
        Assert.Null(run.SessionId);
    }

    [Fact]
    public async Task The_answer_has_all_its_members()
    {
        using var response = await AskAsync(new { question = "What is 17% of 2340?" });

        var body = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            ["answer", "iterations", "duration", "cached", "run_id", "session_id", "agent", "model", "usage", "degraded", "cache"],
            body.EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            ["input_tokens", "output_tokens", "total_tokens", "cost_usd", "estimated"],
            body.GetProperty("usage").EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            ["hit", "age", "stale", "source_run_id", "decision"],
            body.GetProperty("cache").EnumerateObject().Select(member => member.Name));
        Assert.Equal("397.8", body.GetProperty("answer").GetString());
        Assert.Equal(JsonValueKind.Null, body.GetProperty("degraded").ValueKind);
        Assert.Equal(JsonValueKind.Null, body.GetProperty("session_id").ValueKind);
    }

    [Theory]
    [InlineData("no-cache", false, true)]
    [InlineData("max-age=0, no-store", false, false)]
    [InlineData("max-age=60", true, true)]
    public async Task Cache_Control_is_honoured(string header, bool read, bool write)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/agent") { Content = JsonContent.Create(new { question = "x", session_id = "s" }) };
        request.Headers.TryAddWithoutValidation("Cache-Control", header);
        using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((read, write), (LastRun().CacheRead, LastRun().CacheWrite));
    }

    [Fact]
    public async Task A_byte_order_mark_is_forgiven()
    {
        using var content = new ByteArrayContent([0xEF, 0xBB, 0xBF, .. """{"question":"x"}"""u8]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=UTF-8");
        using var response = await api.Client.PostAsync(new Uri("/agent", UriKind.Relative), content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_run_that_waits_for_a_person_is_202()
    {
        api.Executor.OnRun(request => Samples.Outcome(request) with
        {
            Status = RunStatus.AwaitingApproval,
            Answer = null,
            Approvals = [new PendingApproval("c1", "send_mail", """{"to":"ada"}""")],
        });
        using var response = await AskAsync(new { question = "Write to Ada", session_id = "s-202" });
        api.Executor.OnRun(Samples.Outcome);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var body = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var runId = body.GetProperty("run_id").GetString()!;
        Assert.Equal($"/runs/{runId}", response.Headers.Location?.OriginalString);
        Snapshot.Body("awaiting_approval", body.GetRawText().Replace(runId, "RUN", StringComparison.Ordinal));
    }

    private Task<HttpResponseMessage> AskAsync<T>(T body) =>
        api.Client.PostAsJsonAsync(new Uri("/agent", UriKind.Relative), body, TestContext.Current.CancellationToken);

    private RunRequest LastRun() =>
        JsonSerializer.Deserialize<RunRequest>(api.Executor.LastOf("POST /runs").Body, WireJson.Options)!;
}
