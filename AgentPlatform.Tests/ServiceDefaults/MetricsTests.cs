using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace AgentPlatform.Tests.ServiceDefaults;

public sealed class MetricsTests
{
    [Fact]
    public async Task Every_name_is_there_from_the_start_and_no_other()
    {
        await using var service = await TestService.StartAsync(map: app => app.MapMetrics());
        var metrics = await ScrapeAsync(service);

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["agent_requests_total"] = "counter",
                ["agent_errors_total"] = "counter",
                ["agent_duration_seconds"] = "histogram",
                ["agent_iterations"] = "histogram",
                ["agent_cache_total"] = "counter",
                ["agent_fallbacks_total"] = "counter",
                ["agent_tokens_total"] = "counter",
                ["agent_cost_usd_total"] = "counter",
                ["agent_active_runs"] = "gauge",
                ["agent_queue_depth"] = "gauge",
                ["agent_orphaned_runs"] = "gauge",
                ["agent_recovery_seconds"] = "histogram",
                ["agent_budget_refusals_total"] = "counter",
                ["agent_quota_refusals_total"] = "counter",
                ["agent_circuit_state"] = "gauge",
                ["agent_circuit_opened_total"] = "counter",
                ["agent_bulkhead_rejections_total"] = "counter",
                ["agent_shed_total"] = "counter",
                ["agent_documents_total"] = "counter",
            }.OrderBy(type => type.Key),
            metrics.Types.OrderBy(type => type.Key));
        Assert.All(
            (string[])[
                "agent_requests_total", "agent_errors_total", "agent_cost_usd_total", "agent_active_runs", "agent_queue_depth", "agent_orphaned_runs",
                "agent_duration_seconds_count", "agent_iterations_count", "agent_cache_total{result=\"hit\"}", "agent_cache_total{result=\"miss\"}",
                "agent_tokens_total{direction=\"input\"}", "agent_tokens_total{direction=\"output\"}",
            ],
            name => Assert.Equal(0, metrics[name]));
    }

    [Fact]
    public async Task Measurements_arrive_exactly_under_their_labels_and_buckets()
    {
        await using var service = await TestService.StartAsync(map: app => app.MapMetrics());
        var agent = service.Get<AgentMetrics>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                for (var i = 0; i < 1000; i++)
                {
                    agent.Requested();
                    agent.CacheLookedUp(i % 4 == 0 ? AgentMetrics.CacheHit : AgentMetrics.CacheMiss);
                }
            },
            TestContext.Current.CancellationToken)));
        agent.FellBack("default", "timeout");
        agent.FellBack("default", "timeout");
        agent.FellBack("stale", "model \"x\"\\\n");
        agent.Answered(TimeSpan.FromSeconds(0.3), 1);
        agent.Answered(TimeSpan.FromSeconds(700), 11);
        agent.Used(100, 20, 0.25m);
        agent.Used(1, 2, null);
        agent.RunStarted();
        agent.RunStarted();
        agent.RunEnded();
        agent.Orphaned(3);
        agent.Orphaned(2);

        var metrics = await ScrapeAsync(service);
        Assert.Equal(4000, metrics["agent_requests_total"]);
        Assert.Equal(1000, metrics["agent_cache_total{result=\"hit\"}"]);
        Assert.Equal(3000, metrics["agent_cache_total{result=\"miss\"}"]);
        Assert.Equal(2, metrics["agent_fallbacks_total{level=\"default\",reason=\"timeout\"}"]);
        Assert.Equal(1, metrics["agent_fallbacks_total{level=\"stale\",reason=\"model \\\"x\\\"\\\\\\n\"}"]);
        Assert.Equal(0, metrics["agent_duration_seconds_bucket{le=\"0.25\"}"]);
        Assert.Equal(1, metrics["agent_duration_seconds_bucket{le=\"0.5\"}"]);
        Assert.Equal(1, metrics["agent_duration_seconds_bucket{le=\"600\"}"]);
        Assert.Equal(2, metrics["agent_duration_seconds_bucket{le=\"+Inf\"}"]);
        Assert.Equal(700.3, metrics["agent_duration_seconds_sum"], 9);
        Assert.Equal(1, metrics["agent_iterations_bucket{le=\"10\"}"]);
        Assert.Equal(101, metrics["agent_tokens_total{direction=\"input\"}"]);
        Assert.Equal(0.25, metrics["agent_cost_usd_total"]);
        Assert.Equal(1, metrics["agent_active_runs"]);
        Assert.Equal(2, metrics["agent_orphaned_runs"]);
    }

    [Fact]
    public async Task Observable_instruments_are_read_at_the_scrape()
    {
        await using var service = await TestService.StartAsync(map: app => app.MapMetrics());
        var depth = 3;
        var total = 10L;
        var meter = service.Get<IMeterFactory>().Create(AgentMetrics.MeterName);
        meter.CreateObservableGauge("agent_test_depth", () => (double)depth);
        meter.CreateObservableCounter("agent_test_total", () => total);

        Assert.Equal(3, (await ScrapeAsync(service))["agent_test_depth"]);
        (depth, total) = (1, 15);
        var second = await ScrapeAsync(service);
        Assert.Equal(1, second["agent_test_depth"]);
        Assert.Equal(15, second["agent_test_total"]);
    }

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("application/json, text/plain;q=0.5", true)]
    [InlineData("text/plain", false)]
    [InlineData("*/*", false)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1", false)]
    public async Task Json_goes_to_those_who_ask_for_it(string accept, bool json)
    {
        await using var service = await TestService.StartAsync(map: app => app.MapMetrics(snapshot => new
        {
            TotalRequests = snapshot.Sum(AgentMetrics.RequestsTotal),
            CacheHits = snapshot.Sum(AgentMetrics.CacheTotal, ("result", "hit")),
            TotalFallbacks = snapshot.Sum(AgentMetrics.FallbacksTotal),
            Nothing = snapshot.Sum("no_such_name") + snapshot.Sum(AgentMetrics.CacheTotal, ("no_such_label", "x")),
        }));
        var agent = service.Get<AgentMetrics>();
        agent.Requested();
        agent.CacheLookedUp(AgentMetrics.CacheHit);
        agent.CacheLookedUp(AgentMetrics.CacheMiss);
        agent.FellBack("stale", "timeout");
        agent.FellBack("default", "model_error");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (json)
        {
            Assert.Equal("""{"total_requests":1,"cache_hits":1,"total_fallbacks":2,"nothing":0}""", body);
        }
        else
        {
            Assert.Equal(MediaTypeHeaderValue.Parse("text/plain; version=0.0.4; charset=utf-8"), response.Content.Headers.ContentType);
            Assert.Equal(1, PrometheusText.Parse(body)["agent_requests_total"]);
        }
    }

    [Fact]
    public async Task Two_services_in_one_process_count_apart()
    {
        await using var one = await TestService.StartAsync(map: app => app.MapMetrics());
        await using var other = await TestService.StartAsync(map: app => app.MapMetrics());
        one.Get<AgentMetrics>().Requested();

        Assert.Equal(1, (await ScrapeAsync(one))["agent_requests_total"]);
        Assert.Equal(0, (await ScrapeAsync(other))["agent_requests_total"]);
    }

    [Theory]
    [InlineData("a_total 1")]
    [InlineData("a_total 1\n")]
    [InlineData("# TYPE a_total counter\na_total -1\n")]
    [InlineData("# TYPE a_total counter\na_total 1\na_total 2\n")]
    [InlineData("# TYPE a_total counter\na_total{x=\"1\nb\"} 2\n")]
    [InlineData("# TYPE a_total counter\nother_total 2\n")]
    [InlineData("# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n")]
    public void The_parser_of_these_tests_is_strict(string text) =>
        Assert.Throws<FormatException>(() => PrometheusText.Parse(text));

    private static async Task<PrometheusText> ScrapeAsync(TestService service) =>
        PrometheusText.Parse(await service.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken));
}
