using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.ServiceDefaults;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>What those who run the platform read: metrics and logs.</summary>
[Collection(SharedModelStack.Name)]
public sealed class OperationsTests(ModelStack shared)
{
    private static readonly string[] Names =
    [
        "agent_active_runs", "agent_cache_total", "agent_cost_usd_total", "agent_duration_seconds", "agent_errors_total", "agent_fallbacks_total",
        "agent_iterations", "agent_queue_depth", "agent_requests_total", "agent_tokens_total", "agent_circuit_state", "agent_circuit_opened_total",
        "agent_bulkhead_rejections_total", "agent_shed_total", "agent_budget_refusals_total", "agent_documents_total", "agent_quota_refusals_total",
    ];

    private static readonly string[] RecoveryNames = ["agent_orphaned_runs", "agent_recovery_seconds"];

    [Fact]
    public async Task Any_scraper_reads_the_metrics_of_both_services_by_exactly_the_promised_names()
    {
        Assert.Equal(Names.Order(), OurNames(await shared.Stack.ScrapeAsync("api-1")).Except(RecoveryNames).Order());
        Assert.Equal(Names.Concat(RecoveryNames).Order(), OurNames(await shared.Stack.ScrapeAsync("executor-1")).Order());
    }

    [Fact]
    public async Task The_two_forms_of_the_metrics_agree()
    {
        await shared.Stack.AskAsync("Is this counted?");

        var totals = await shared.Stack.SendAsync(HttpMethod.Get, "/metrics", null, ("Accept", "application/json"));
        var text = await shared.Stack.ScrapeAsync("api-1");

        Assert.Equal(text["agent_requests_total"], totals["total_requests"].GetDouble());
        Assert.Equal(text["""agent_cache_total{result="miss"}"""], totals["cache_misses"].GetDouble());
        Assert.Equal(0, totals["active_runs"].GetInt32());
    }

    [Fact]
    public async Task An_ordinary_run_is_two_lines_with_its_trace_over_both_services_and_its_question_is_in_none()
    {
        const string question = "Who wrote Euphrosyne's 12 letters?";

        // The first question of a process that has just started may be slow, which is a line of its own.
        await shared.Stack.AskAsync("Warm up, please.");
        var reply = await shared.Stack.AskAsync(question);

        Assert.Equal(1, reply.Iterations);
        await Eventually.TrueAsync(() => shared.Stack.LogLines("api-1", reply.RunId!).Count >= 2, () => shared.Stack.LogText("api-1"));
        var lines = Services.SelectMany(service => shared.Stack.LogLines(service, reply.RunId!)).ToArray();
        Assert.Equal(["agent_start", "agent_success"], lines.Select(line => line.Field("event")));
        Assert.All(lines, line => Assert.Equal("information", line.Field("level")?.ToLowerInvariant()));
        var trace = Assert.Single(lines.Select(line => line.Field("trace_id")).Distinct());
        Assert.Equal(2, Services.SelectMany(shared.Stack.LogLines).Count(line => line.Field("trace_id") == trace));
        Assert.All(Services, service => Assert.DoesNotContain("Euphrosyne", shared.Stack.LogText(service), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_line_of_a_run_in_trouble_has_an_event_the_trace_and_the_run_in_both_services()
    {
        const string question = "Will there be trouble?";
        shared.When(question, request => request.RoundsSinceQuestion == 0
            ? FakeReply.Call("http_get", """{"url":"http://127.0.0.1:9/"}""")
            : FakeReply.ServerError());

        var reply = await shared.Stack.AskAsync(question, agent: "reader", session: "trouble");

        await Eventually.TrueAsync(() => shared.Stack.LogLines("api-1", reply.RunId!).Any(line => line.Field("event") == "agent_error_fallback"), () => shared.Stack.LogText("api-1"));
        var trace = shared.Stack.LogLines("api-1", reply.RunId!)[0].Field("trace_id");
        Assert.NotNull(trace);
        foreach (var service in Services)
        {
            await Eventually.TrueAsync(() => shared.Stack.LogLines(service, reply.RunId!).Count > 1, () => shared.Stack.LogText(service));
            var lines = shared.Stack.LogLines(service).Where(line => line.Field("run_id") == reply.RunId || line.Field("trace_id") == trace);
            Assert.All(lines, line =>
            {
                Assert.False(string.IsNullOrEmpty(line.Field("event")), $"{line}");
                Assert.Equal((reply.RunId, trace), (line.Field("run_id"), line.Field("trace_id")));
            });
        }
    }

    private static string[] Services => ["api-1", "executor-1"];

    private static IEnumerable<string> OurNames(PrometheusText metrics) => metrics.Types.Keys.Where(name => name.StartsWith("agent_", StringComparison.Ordinal));
}
