using System.Diagnostics;
using AgentPlatform.ServiceDefaults.Telemetry;
using AgentPlatform.Tests.Redis;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AgentPlatform.Tests.Api.Agent;

/// <summary>What a question leaves behind for those who operate the platform.</summary>
public sealed class TelemetryTests(TestRedis redis) : RunPath(redis)
{
    [Fact]
    public async Task A_run_is_two_lines_and_a_hit_is_one_and_the_question_is_in_none()
    {
        var executor = await ExecutorAsync();
        var front = await FrontAsync(executor);

        await front.AnswerAsync(Question);
        var run = front.Log.All.Select(entry => (entry.Level, entry.Name)).ToArray();
        await front.AnswerAsync(Question);
        var hit = front.Log.All.Skip(run.Length).Select(entry => (entry.Level, entry.Name)).ToArray();

        Assert.Equal([(LogLevel.Information, "agent_start"), (LogLevel.Information, "agent_success")], run.TakeLast(2));
        Assert.DoesNotContain(run.SkipLast(2), entry => entry.Name?.StartsWith("agent", StringComparison.Ordinal) == true);
        Assert.Equal([(LogLevel.Information, "cache_hit")], hit);
        Assert.DoesNotContain(front.Log.All, entry => entry.Text.Contains(Question.Question, StringComparison.Ordinal));
        Assert.Contains(executor.Runs.Single().RunId.ToString(), front.Log.Named("agent_start").Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_question_is_counted_once()
    {
        var executor = await ExecutorAsync();
        var front = await FrontAsync(executor);

        await front.AnswerAsync(Question);
        await front.AnswerAsync(Question);

        Assert.Equal(2, front.Metrics.Sum("agent_requests_total"));
        Assert.Equal(2, front.Metrics.Sum("agent_duration_seconds"));
        Assert.Equal(2, front.Metrics.Sum("agent_iterations"));
        Assert.Equal(1, front.Metrics.Sum("agent_cache_total", ("result", "miss")));
        Assert.Equal(1, front.Metrics.Sum("agent_cache_total", ("result", "hit")));
        Assert.Equal(100, front.Metrics.Sum("agent_tokens_total", ("direction", "input")));
        Assert.Equal(0.25, front.Metrics.Sum("agent_cost_usd_total"));
        Assert.Equal(0, front.Metrics.Sum("agent_active_runs"));
        Assert.Equal(0, front.Metrics.Sum("agent_errors_total"));
    }

    [Fact]
    public async Task A_slow_answer_is_worth_a_warning()
    {
        var executor = await ExecutorAsync(async run =>
        {
            await run.HeartbeatAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(100), run.HungUp);
            await run.CompleteAsync();
        });
        var front = await FrontAsync(executor, ("Thresholds:SlowSeconds", "0.05"));

        await front.AnswerAsync(Question);

        Assert.Equal(LogLevel.Warning, front.Log.Named("slow_response").Single().Level);
    }

    [Fact]
    public async Task A_failure_is_one_warning()
    {
        var front = await FrontAsync([Nobody], ("ExecutorClient:StartWithin", "00:00:00.200"), ("Fallback:DirectModel", "false"));

        await front.AnswerAsync(Question);
        await front.RefuseAsync(Question with { Strict = true });

        Assert.Single(front.Log.Named("agent_error_fallback"));
        Assert.Single(front.Log.Named("agent_failed"));
        Assert.Empty(front.Log.Named("agent_success"));
        Assert.Equal(2, front.Metrics.Sum("agent_errors_total"));
    }

    [Fact]
    public async Task The_span_of_a_question_is_the_parent_of_its_request_to_the_executor()
    {
        string? parent = null;
        List<Activity> spans = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == AgentActivity.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        var executor = await ExecutorAsync(run =>
        {
            parent = run.TraceParent;
            return run.CompleteAsync();
        });

        await (await FrontAsync(executor)).AnswerAsync(Question);

        var span = Assert.Single(spans, span => Equals(span.GetTagItem(AgentActivity.RunId), executor.Runs.Single().RunId.ToString()));
        Assert.Equal("invoke_agent default", span.DisplayName);
        Assert.Contains(span.TraceId.ToString(), parent, StringComparison.Ordinal);
    }
}
