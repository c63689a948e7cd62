using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Tools;
using AgentPlatform.Tests.Api.Contract;
using AgentPlatform.Tests.Api.Identity;
using ModelContextProtocol;
using Xunit;

namespace AgentPlatform.Tests.Api.Mcp;

/// <summary>Agents as tools, before a scripted executor.</summary>
public sealed class AgentToolTests(ContractApi api) : IClassFixture<ContractApi>
{
    [Fact]
    public async Task An_agent_is_a_tool_that_says_what_it_takes_and_gives()
    {
        await using var client = await McpConnection.ConnectAsync(api.Address, token: TestTokens.Of());

        var tool = Assert.Single(await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).ProtocolTool;

        Assert.Equal(("default", "Answers questions."), (tool.Name, tool.Description));
        Assert.Equal((true, false), (tool.Annotations!.ReadOnlyHint, tool.Annotations.DestructiveHint));
        Assert.Equal(["question", "session_id", "timeout"], tool.InputSchema.GetProperty("properties").EnumerateObject().Select(member => member.Name));
        Assert.Equal(["question"], tool.InputSchema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        var output = tool.OutputSchema!.Value.GetProperty("properties");
        Assert.Equal(
            ["answer", "iterations", "duration", "cached", "run_id", "session_id", "agent", "model", "usage", "degraded", "cache", "output"],
            output.EnumerateObject().Select(member => member.Name));
        Assert.Equal("""{"type":"object"}""", output.GetProperty("output").GetRawText());
    }

    [Theory]
    [InlineData(McpConnection.WithHandshake)]
    [InlineData(McpConnection.WithoutHandshake)]
    public async Task A_call_is_answered_with_the_body_of_POST_agent(string revision)
    {
        await using var client = await McpConnection.ConnectAsync(api.Address, revision, token: TestTokens.Of());
        Assert.Equal(revision, client.NegotiatedProtocolVersion);

        var result = await client.AskAsync("default", new { question = "What is 17% of 2340?", session_id = "order-4711", timeout = 2.5 });

        Assert.NotEqual(true, result.IsError);
        Assert.Equal("397.8", result.Text());
        var body = result.StructuredContent!.Value;
        Assert.Equal("order-4711", body.GetProperty("session_id").GetString());
        Assert.Equal(body.GetProperty("run_id").GetString(), (string?)result.Meta!["run_id"]);
        Assert.False((bool)result.Meta["cached"]!);
        Assert.Null(result.Meta["degraded"]);
        var tool = Assert.Single(await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Empty(CompiledSchema.Parse(tool.ReturnJsonSchema!.Value, closed: true).Violations(body.GetRawText()));
        var run = LastRun();
        Assert.Equal(("What is 17% of 2340?", "default", "order-4711"), (run.Question, run.Agent, run.SessionId));
        Assert.InRange(run.Timeout, 2.0, 2.5);
    }

    [Theory]
    [InlineData("""{}""", "question", "'question' is missing")]
    [InlineData("""{"question":" "}""", "question", "'question' is blank")]
    [InlineData("""{"question":7}""", "question", "'question' must be a text, not a number")]
    [InlineData("""{"question":null}""", "question", "'question' is missing")]
    [InlineData("""{"question":"x","timout":3}""", "timout", "Did you mean 'timeout'?")]
    [InlineData("""{"question":"x","timeout":0}""", "timeout", "'timeout' must be a number of seconds")]
    [InlineData("""{"question":"x","timeout":"3"}""", "timeout", "'timeout' must be a number")]
    [InlineData("""{"question":"x","session_id":"a b"}""", "session_id", "'session_id' must be 1 to 128 characters")]
    [InlineData("""{"question":"x","agent":"other"}""", "agent", "'agent' is not known here")]
    [InlineData("""{"question":"x","strict":true}""", "strict", "'strict' is not known here")]
    public async Task A_wrong_argument_is_an_error_that_names_it(string arguments, string field, string sentence)
    {
        await using var client = await McpConnection.ConnectAsync(api.Address, token: TestTokens.Of());
        var before = api.Executor.Seen.Count(request => request.Route == "POST /runs");

        var result = await client.AskAsync("default", JsonElement.Parse(arguments));

        Assert.True(result.IsError);
        Assert.Contains(sentence, result.Text(), StringComparison.Ordinal);
        Assert.Equal((field, "invalid_request"), ((string?)result.Meta!["problem"]!["field"], (string?)result.Meta["problem"]!["code"]));
        Assert.Null(result.StructuredContent);
        Assert.Equal(before, api.Executor.Seen.Count(request => request.Route == "POST /runs"));
    }

    [Fact]
    public async Task A_tool_that_is_not_there_is_an_error_of_the_protocol()
    {
        await using var client = await McpConnection.ConnectAsync(api.Address, token: TestTokens.Of());

        var error = await Assert.ThrowsAsync<McpProtocolException>(async () => await client.AskAsync("defalt", new { question = "x" }));

        Assert.Equal(McpErrorCode.InvalidParams, error.ErrorCode);
        Assert.Contains("Did you mean 'default'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_degraded_answer_is_no_error_and_says_what_it_is()
    {
        await using var client = await McpConnection.ConnectAsync(api.Address, token: TestTokens.Of());
        using var _ = Scripted(request => Samples.Outcome(request) with
        {
            Status = RunStatus.Failed,
            Answer = null,
            Reason = FailureReason.ModelError,
            Partial = [new PartialStep("calculator", "397.8")],
        });

        var result = await client.AskAsync("default", new { question = "What is 17% of 2340?" });

        Assert.NotEqual(true, result.IsError);
        Assert.Equal("model_error", result.StructuredContent!.Value.GetProperty("degraded").GetProperty("reason").GetString());
        var level = (string?)result.Meta!["degraded"];
        Assert.Equal(result.StructuredContent.Value.GetProperty("degraded").GetProperty("level").GetString(), level);
        Assert.EndsWith($"(This is not the agent's own full answer but: {level}. Reason: model_error.)", result.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_answer_it_is_an_error_with_the_problem_of_POST_agent()
    {
        await using var client = await McpConnection.ConnectAsync(api.Address, token: TestTokens.Of());
        api.Executor.OnProblem("POST /runs", 409, ProblemCodes.SessionBusy, "The session works on another question.", "session_id");
        try
        {
            var result = await client.AskAsync("default", new { question = "x", session_id = "s" });

            Assert.True(result.IsError);
            Assert.Equal("The session works on another question.", result.Text());
            Assert.Equal(("session_busy", 409), ((string?)result.Meta!["problem"]!["code"], (int?)result.Meta["problem"]!["status"]));
        }
        finally
        {
            api.Executor.OnRun(Samples.Outcome);
        }
    }

    [Fact]
    public async Task A_run_that_waits_for_a_person_says_which_and_how_to_decide()
    {
        await using var client = await McpConnection.ConnectAsync(api.Address, token: TestTokens.Of());
        using var _ = Scripted(request => Samples.Outcome(request) with
        {
            Status = RunStatus.AwaitingApproval,
            Answer = null,
            Approvals = [new PendingApproval("c2", "send_mail", """{"to":"ada"}""")],
        });

        var result = await client.AskAsync("default", new { question = "Write to Ada." });

        Assert.True(result.IsError);
        var runId = (string?)result.Meta!["awaiting_approval"]!["run_id"];
        Assert.Contains($"run {runId} waits for a person's decision on send_mail with {{\"to\":\"ada\"}} (call_id c2)", result.Text(), StringComparison.Ordinal);
        Assert.Contains($"POST /runs/{runId}/approvals/", result.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_counts_as_a_request()
    {
        await using var client = await McpConnection.ConnectAsync(api.Address, token: TestTokens.Of());
        var before = await TotalAsync();

        await client.AskAsync("default", new { question = "x" });

        Assert.Equal(before + 1, await TotalAsync());
    }

    private async Task<long> TotalAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { { "Accept", "application/json" } } };
        using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("total_requests").GetInt64();
    }

    private RunRequest LastRun() => JsonSerializer.Deserialize<RunRequest>(api.Executor.LastOf("POST /runs").Body, WireJson.Options)!;

    private Restoring Scripted(Func<RunRequest, RunOutcome> outcome)
    {
        api.Executor.OnRun(outcome);
        return new Restoring(api.Executor);
    }

    private sealed class Restoring(ScriptedExecutor executor) : IDisposable
    {
        public void Dispose() => executor.OnRun(Samples.Outcome);
    }
}
