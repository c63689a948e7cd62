using System.Net;
using System.Text;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Api.Identity;
using Xunit;

namespace AgentPlatform.Tests.Api.Contract;

/// <summary>What people say to runs, and to sessions about themselves.</summary>
public sealed class RunCommandTests(ContractApi api) : IClassFixture<ContractApi>
{
    private const string Run = "/runs/01963c5e-8b2a-7c3d-9e4f-0123456789ab";

    [Fact]
    public async Task A_cancel_tells_how_the_run_stands()
    {
        using var response = await PostAsync($"{Run}/cancel");

        await IsAsync(response, $$"""{"run_id":"{{Samples.RunId}}","status":"cancelled"}""");
        Assert.Equal(InternalWire.LocalTenant, api.Executor.LastOf($"POST {Run}/cancel").Headers[InternalWire.TenantHeader]);
    }

    [Theory]
    [InlineData("""{"decision":"approve","arguments":"{\"to\":\"ada\"}"}""", true)]
    [InlineData("""{"decision":"deny","reason":"Not to Ada."}""", false)]
    public async Task A_decision_reaches_the_executor(string body, bool approve)
    {
        using var response = await PostAsync($"{Run}/approvals/c2", body);

        await IsAsync(response, $$"""{"run_id":"{{Samples.RunId}}","status":"running"}""");
        var sent = JsonSerializer.Deserialize<ApprovalDecision>(api.Executor.LastOf($"POST {Run}/approvals/c2").Body, WireJson.Options);
        Assert.Equal(
            approve ? new ApprovalDecision { Approve = true, Arguments = """{"to":"ada"}""", By = TestTokens.Caller } : new ApprovalDecision { Approve = false, Reason = "Not to Ada.", By = TestTokens.Caller },
            sent);
    }

    [Theory]
    [InlineData("happened", true)]
    [InlineData("not_happened", false)]
    public async Task What_became_of_a_call_reaches_the_executor(string outcome, bool happened)
    {
        using var response = await PostAsync($"{Run}/outcomes/c2", $$"""{"outcome":"{{outcome}}","note":"Saw the mail."}""");

        await IsAsync(response, $$"""{"run_id":"{{Samples.RunId}}","status":"outcome_unknown"}""");
        Assert.Equal(
            new CallOutcome { Happened = happened, Note = "Saw the mail.", By = TestTokens.Caller },
            JsonSerializer.Deserialize<CallOutcome>(api.Executor.LastOf($"POST {Run}/outcomes/c2").Body, WireJson.Options));
    }

    [Fact]
    public async Task A_session_says_what_was_wrong_with_it()
    {
        using var response = await PostAsync("/sessions/order-4711/verify");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Snapshot.Body("session_report", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/runs/17/cancel", null, "run_id")]
    [InlineData("/runs/17/approvals/c2", """{"decision":"approve"}""", "run_id")]
    [InlineData("/runs/17/outcomes/c2", """{"outcome":"happened"}""", "run_id")]
    [InlineData($"{Run}/approvals/a%0Ab", """{"decision":"approve"}""", "call_id")]
    [InlineData($"{Run}/outcomes/a%0Ab", """{"outcome":"happened"}""", "call_id")]
    [InlineData($"{Run}/approvals/c2", "", "body")]
    [InlineData($"{Run}/approvals/c2", "{}", "decision")]
    [InlineData($"{Run}/approvals/c2", """{"decision":null}""", "decision")]
    [InlineData($"{Run}/approvals/c2", """{"decision":true}""", "decision")]
    [InlineData($"{Run}/approvals/c2", """{"decision":"Approve"}""", "decision")]
    [InlineData($"{Run}/approvals/c2", """{"decision":"approve","by":"me"}""", "by")]
    [InlineData($"{Run}/approvals/c2", """{"decision":"approve","arguments":{}}""", "arguments")]
    [InlineData($"{Run}/approvals/c2", """{"decision":"deny","reason":"a\u0000"}""", "reason")]
    [InlineData($"{Run}/outcomes/c2", "{}", "outcome")]
    [InlineData($"{Run}/outcomes/c2", """{"outcome":"maybe"}""", "outcome")]
    [InlineData($"{Run}/outcomes/c2", """{"outcome":"happened","note":7}""", "note")]
    [InlineData("/sessions/a%20b/verify", null, "session_id")]
    public async Task A_bad_path_or_body_is_a_problem_that_names_the_member(string path, string? body, string field)
    {
        using var response = await PostAsync(path, body);

        await Problems.ReadAsync(response, HttpStatusCode.BadRequest, "invalid_request", field);
    }

    [Fact]
    public async Task A_remark_has_a_longest_length()
    {
        using var reason = await PostAsync($"{Run}/approvals/c2", $$"""{"decision":"deny","reason":"{{new string('x', 2001)}}"}""");
        using var note = await PostAsync($"{Run}/outcomes/c2", $$"""{"outcome":"happened","note":"{{new string('x', 2001)}}"}""");

        await Problems.ReadAsync(reason, HttpStatusCode.BadRequest, "invalid_request", "reason");
        await Problems.ReadAsync(note, HttpStatusCode.BadRequest, "invalid_request", "note");
    }

    [Theory]
    [InlineData("approvals/x", 404, "call_not_found", "call_id")]
    [InlineData("approvals/x", 404, "run_not_found", "run_id")]
    [InlineData("approvals/x", 409, "approval_decided", null)]
    [InlineData("approvals/x", 409, "approval_mismatch", "arguments")]
    [InlineData("approvals/x", 409, "run_ended", null)]
    [InlineData("outcomes/x", 409, "outcome_known", null)]
    public async Task A_refusal_keeps_its_code_and_the_field(string path, int status, string code, string? field)
    {
        api.Executor.OnProblem($"POST {Run}/{path}", status, code, "It cannot be done.", field);
        using var response = await PostAsync($"{Run}/{path}", path[0] == 'a' ? """{"decision":"approve"}""" : """{"outcome":"happened"}""");

        await Problems.ReadAsync(response, (HttpStatusCode)status, code, field);
    }

    private static async Task IsAsync(HttpResponseMessage response, string body)
    {
        Assert.Equal(body, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string? body = null) => api.Client.PostAsync(
        new Uri(path, UriKind.Relative),
        body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        TestContext.Current.CancellationToken);
}
