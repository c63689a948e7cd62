using System.Net;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Tests.Executor.Queries;
using Xunit;

namespace AgentPlatform.Tests.Executor.Runs.Queries;

[Collection(QueryTests.Name)]
public sealed class RunViewTests(QueryFixture fixture)
{
    private static readonly RunStarted Started = new() { Agent = "default", AgentVersion = "v1", Question = "What?", Executor = "e1", TimeoutMs = 30_000 };
    private static readonly ToolCall Call = new("c1", "calculator", """{"expression":"1+1"}""");
    private static readonly ModelReplied Asked = new() { Model = "gpt", Text = "", ToolCalls = [Call], Usage = new Usage(10, 5, 0.5m, false) };
    private static readonly ToolReturned Returned = new() { CallId = "c1", Tool = "calculator", Result = "2" };
    private static readonly ModelReplied Answered = new() { Model = "gpt", Text = "2", Usage = new Usage(20, 1, 0.25m, true) };

    private readonly string _tenant = Rows.NewTenant();
    private readonly QueryHost _host = fixture.Host;

    private HttpClient Client => _host.ClientFor(_tenant);

    [Fact]
    public async Task A_finished_run_shows_its_answer_and_every_step()
    {
        var run = Rows.Run(_tenant, Guid.Parse("019cb8a4-3200-7000-8000-000000000001"));
        run.Model = "gpt";
        run.UserLabel = "ada";
        run.Metadata = """{"team": "red"}""";
        await _host.StoreAsync(
            run,
            Rows.Append(run, 1, Started),
            Rows.Append(run, 2, Asked),
            Rows.Append(run, 3, Returned, Answered, new RunCompleted { Answer = "That.", Output = JsonElement.Parse("""{"sum":2}"""), Iterations = 1 }));

        var text = await Client.ReadTextAsync($"/runs/{run.RunId}");

        Assert.Equal(
            """
            {
              "run": {
                "run_id": "019cb8a4-3200-7000-8000-000000000001",
                "status": "completed",
                "agent": "default",
                "agent_version": "v1",
                "question": "What?",
                "answer": "That.",
                "user": "ada",
                "metadata": {
                  "team": "red"
                },
                "background": false,
                "created_at": "2026-03-04T12:00:00+00:00",
                "finished_at": "2026-03-04T12:00:02+00:00"
              },
              "iterations": 1,
              "model": "gpt",
              "usage": {
                "input_tokens": 30,
                "output_tokens": 6,
                "cost_usd": 0.75,
                "estimated": true
              },
              "output": {
                "sum": 2
              },
              "approvals": [],
              "outcomes": [],
              "events": [
                {
                  "type": "run_started",
                  "agent": "default",
                  "agent_version": "v1",
                  "question": "What?",
                  "timeout_ms": 30000,
                  "background": false,
                  "executor": "e1",
                  "seq": 1,
                  "at": "2026-03-04T12:00:01+00:00"
                },
                {
                  "type": "model_replied",
                  "model": "gpt",
                  "text": "",
                  "tool_calls": [
                    {
                      "call_id": "c1",
                      "tool": "calculator",
                      "arguments": "{\"expression\":\"1+1\"}"
                    }
                  ],
                  "usage": {
                    "input_tokens": 10,
                    "output_tokens": 5,
                    "cost_usd": 0.5,
                    "estimated": false
                  },
                  "attempt": 1,
                  "requests": 1,
                  "duration_ms": 0,
                  "seq": 2,
                  "at": "2026-03-04T12:00:02+00:00"
                },
                {
                  "type": "tool_returned",
                  "call_id": "c1",
                  "tool": "calculator",
                  "result": "2",
                  "synthetic": false,
                  "truncated": false,
                  "duration_ms": 0,
                  "seq": 3,
                  "at": "2026-03-04T12:00:03+00:00"
                },
                {
                  "type": "model_replied",
                  "model": "gpt",
                  "text": "2",
                  "tool_calls": [],
                  "usage": {
                    "input_tokens": 20,
                    "output_tokens": 1,
                    "cost_usd": 0.25,
                    "estimated": true
                  },
                  "attempt": 1,
                  "requests": 1,
                  "duration_ms": 0,
                  "seq": 4,
                  "at": "2026-03-04T12:00:04+00:00"
                },
                {
                  "type": "run_completed",
                  "answer": "That.",
                  "output": {
                    "sum": 2
                  },
                  "iterations": 1,
                  "seq": 5,
                  "at": "2026-03-04T12:00:05+00:00"
                }
              ]
            }
            """,
            text);
    }

    [Fact]
    public async Task An_open_run_is_computed_from_its_events()
    {
        var run = Rows.Run(_tenant, Rows.Id(1), RunStatus.Running);
        var second = Asked with { ToolCalls = [new ToolCall("c2", "send", "{}"), new ToolCall("c3", "send", "[]")] };
        await _host.StoreAsync(
            run,
            Rows.Append(run, 1, Started, Asked, Returned, second),
            Rows.Append(
                run, 5,
                new ApprovalRequested { CallId = "c2", Tool = "send", Arguments = "{}" },
                new ApprovalRequested { CallId = "c3", Tool = "send", Arguments = "[]" },
                new ApprovalDecided { CallId = "c2", Approved = true }));

        var view = await Client.ReadAsync<RunView>($"/runs/{run.RunId}");

        Assert.Equal(RunStatus.AwaitingApproval, view.Run.Status);
        Assert.Equal([new PendingApproval("c3", "send", "[]")], view.Approvals);
        Assert.Equal((1, "gpt", new Usage(20, 10, 1m, false)), (view.Iterations, view.Model, view.Usage));
        Assert.Null(view.Run.FinishedAt);
        Assert.Equal(Enumerable.Range(1, 7).Select(seq => (long)seq), view.Events.Select(next => next.Seq));
    }

    [Fact]
    public async Task A_run_without_an_answer_says_why()
    {
        var failed = Rows.Run(_tenant, Rows.Id(1), RunStatus.Failed);
        var late = Rows.Run(_tenant, Rows.Id(2), RunStatus.TimedOut);
        var stopped = Rows.Run(_tenant, Rows.Id(3), RunStatus.Cancelled);
        await _host.StoreAsync(
            failed, Rows.Append(failed, 1, Started, new RunFailed { Reason = FailureReason.ModelError, Message = "The model failed." }),
            late, Rows.Append(late, 1, Started, new RunTimedOut()),
            stopped, Rows.Append(stopped, 1, Started, new RunCancelled { Cause = "requested" }));

        Assert.Equal((FailureReason.ModelError, "The model failed."), await WhyAsync(failed.RunId));
        Assert.Equal((FailureReason.Timeout, "The run's time was up."), await WhyAsync(late.RunId));
        Assert.Equal((null, "The run was stopped on request."), await WhyAsync(stopped.RunId));
    }

    [Fact]
    public async Task A_completed_run_that_a_limit_cut_short_names_the_limit()
    {
        var run = Rows.Run(_tenant, Rows.Id(1));
        await _host.StoreAsync(run, Rows.Append(run, 1, Started, Answered, new RunCompleted { Answer = "2", Limit = "max_iterations" }));

        Assert.Equal("max_iterations", (await Client.ReadAsync<RunView>($"/runs/{run.RunId}")).Limit);
    }

    [Theory]
    [InlineData("019cb8a4-3200-7000-8000-00000000ffff")]
    [InlineData("no-id")]
    public async Task An_unknown_run_is_a_problem(string id)
    {
        using var response = await Client.GetAsync($"/runs/{id}", TestContext.Current.CancellationToken);

        await response.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.RunNotFound);
    }

    [Fact]
    public async Task A_run_of_another_tenant_does_not_exist()
    {
        var run = Rows.Run(_tenant, Rows.Id(1));
        await _host.StoreAsync(run);

        using var response = await _host.ClientFor(Rows.NewTenant()).GetAsync($"/runs/{run.RunId}", TestContext.Current.CancellationToken);

        await response.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.RunNotFound);
    }

    private async Task<(FailureReason? Reason, string? Message)> WhyAsync(Guid runId)
    {
        var view = await Client.ReadAsync<RunView>($"/runs/{runId}");
        return (view.Reason, view.Message);
    }
}
