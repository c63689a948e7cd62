using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs.Explaining;
using CsCheck;
using Xunit;
using static AgentPlatform.Tests.Executor.Runs.RunScript;

namespace AgentPlatform.Tests.Executor.Runs.Explaining;

public sealed class RunExplainerTests
{
    [Fact]
    public void Each_moment_counts_once()
    {
        var explained = Explain(
            (0, Started() with { WaitedMs = 40 }),
            (110, Calls(("a", "sum"), ("b", "look")) with { DurationMs = 100 }),
            (115, Begins("a", "sum", ToolEffect.Pure)),
            (115, Begins("b", "look", ToolEffect.Read)),
            (420, Returns("a", "sum") with { DurationMs = 50 }),
            (420, Returns("b", "look") with { DurationMs = 300 }),
            (640, Says("fine") with { DurationMs = 200 }),
            (650, new RunCompleted { Answer = "fine", Iterations = 1 }));

        Assert.Equal(690, explained.TotalMs);
        Assert.Equal(new TimeParts(Queue: 40, Model: 300, Tools: 300, Approval: 0, Recovery: 0, Overhead: 50), explained.Parts);
        Assert.Equal([("model", "m", 100L, 1), ("tool", "sum", 50, 1), ("tool", "look", 300, 1), ("model", "m", 200, 1)], explained.Steps.Select(step => (step.Kind, step.Name, step.Ms, step.Attempts)));
        Assert.Equal(new Usage(20, 10, 0.002m, false), explained.Usage);
    }

    [Fact]
    public void Waiting_in_a_queue_and_for_a_person_is_no_work_and_does_not_use_up_the_wall_clock()
    {
        var explained = Explain(
            (0, Started() with { Queued = true, TimeoutMs = 1_000 }),
            (5_000, Resumed with { FromQueue = true, Epoch = 1 }),
            (5_100, Calls(("w", "send")) with { DurationMs = 100 }),
            (5_100, new ApprovalRequested { CallId = "w", Tool = "send", Arguments = "{}" }),
            (65_100, new ApprovalDecided { CallId = "w", Approved = true }),
            (65_150, Resumed with { FromWait = true }),
            (65_160, Begins("w", "send", ToolEffect.Write)),
            (65_460, Returns("w", "send") with { DurationMs = 300 }),
            (65_860, Says("sent") with { DurationMs = 400 }),
            (65_860, new RunCompleted { Answer = "sent", Iterations = 1 }));

        Assert.Equal(new TimeParts(Queue: 5_000, Model: 500, Tools: 300, Approval: 60_000, Recovery: 0, Overhead: 60), explained.Parts);
        var clock = Assert.Single(explained.Limits, limit => limit.Limit == "max_seconds");
        Assert.Equal((0.86, 1.0, "near"), (clock.Used, clock.Max, clock.State));
    }

    [Fact]
    public void The_time_between_a_lost_executor_and_the_next_is_recovery_and_a_call_that_was_repeated_shows_it()
    {
        var explained = Explain(
            (0, Started()),
            (100, Calls(("p", "put")) with { DurationMs = 100 }),
            (100, Begins("p", "put", ToolEffect.Idempotent)),
            (4_100, Resumed),
            (4_400, Returns("p", "put") with { DurationMs = 250 }),
            (4_500, Says("put") with { DurationMs = 100 }),
            (4_500, new RunCompleted { Answer = "put", Iterations = 1 }));

        Assert.Equal(new TimeParts(Queue: 0, Model: 200, Tools: 250, Approval: 0, Recovery: 4_000, Overhead: 50), explained.Parts);
        Assert.Equal(2, explained.Steps.Single(step => step.CallId == "p").Attempts);
        Assert.Equal([("executor-1", 1L), ("executor-2", 2L)], explained.Executors.Select(holding => (holding.Executor, holding.Epoch)));
    }

    [Fact]
    public void A_run_that_was_cut_off_says_what_it_was_waiting_for()
    {
        var stalled = Explain((0, Started()), (30_000, new RunTimedOut()));
        var hung = Explain(
            (0, Started()),
            (100, Calls(("w", "send")) with { DurationMs = 100 }),
            (100, Begins("w", "send", ToolEffect.Write)),
            (30_000, Returns("w", "send", "cut", ToolErrorKind.Interrupted) with { Synthetic = true }),
            (30_000, new RunFailed { Reason = FailureReason.OutcomeUnknown, Message = "?" }));

        Assert.Equal((30_000, 0), (stalled.Parts.Model, stalled.Parts.Overhead));
        Assert.Equal((100, 29_900, 0), (hung.Parts.Model, hung.Parts.Tools, hung.Parts.Overhead));
        Assert.Equal(("interrupted", 1), (hung.Steps[1].Error, hung.Steps[1].Attempts));
        Assert.Equal(FailureReason.Timeout, stalled.Reason);
    }

    [Fact]
    public void An_open_run_is_explained_until_now()
    {
        var explained = RunExplainer.Explain(Guid.Empty, Journal((0, Started())), null, Agent(), Noon.AddSeconds(3));

        Assert.Equal((RunStatus.Running, 3_000, 3_000), (explained.Status, explained.TotalMs, explained.Parts.Model));
        Assert.Equal("open", explained.Cache.Decision);
    }

    [Fact]
    public void Limits_are_near_from_four_fifths()
    {
        var agent = Agent(new AgentLimits { MaxIterations = 10, MaxToolCalls = 4, MaxRepeatedCalls = 5, MaxTotalTokens = 15, MaxCostUsd = 1m });
        var explained = RunExplainer.Explain(
            Guid.Empty,
            Journal((0, Started()), (1, CallsWith([.. Enumerable.Range(0, 4).Select(n => ($"c{n}", "sum", "{}"))]))),
            null,
            agent,
            Noon);

        Assert.Equal(
            [("max_iterations", "ok"), ("max_tool_calls", "reached"), ("max_repeated_calls", "near"), ("max_total_tokens", "reached"), ("max_cost_usd", "ok"), ("max_seconds", "ok")],
            explained.Limits.Select(limit => (limit.Limit, limit.State)));
    }

    [Fact]
    public void The_cache_decision_comes_with_its_reason()
    {
        var source = Guid.CreateVersion7();
        Assert.Equal(("hit", source), Cache(new RunCompleted { Answer = "x", SourceRunId = source }));
        Assert.Equal(("storable", null), Cache(Says("x"), new RunCompleted { Answer = "x" }));
        Assert.Equal(("no_answer", null), Cache(new RunTimedOut()));
        Assert.Equal(("effects", null), Cache(Calls(("w", "send")), Begins("w", "send", ToolEffect.Write), Returns("w", "send"), Says("x"), new RunCompleted { Answer = "x" }));
        Assert.Equal(("tool_error", null), Cache(Calls(("a", "sum")), Begins("a", "sum", ToolEffect.Pure), Returns("a", "sum", "no", ToolErrorKind.Timeout), Says("x"), new RunCompleted { Answer = "x" }));
        Assert.Equal(("degraded", null), Cache(Says("x", "max_iterations"), new RunCompleted { Answer = "x", Limit = "max_iterations" }));
        var told = RunExplainer.Explain(Guid.Empty, Journal((0, Started()), (1, new RunTimedOut())), "stale", Agent(), Noon);
        Assert.Equal(("stale", "degraded"), (told.Degraded, told.Cache.Decision));

        static (string, Guid?) Cache(params RunEvent[] events)
        {
            var explained = Explain([(0, Started()), .. events.Select((next, place) => (place + 1, next))]);
            Assert.EndsWith(".", explained.Cache.Why, StringComparison.Ordinal);
            return (explained.Cache.Decision, explained.Cache.SourceRunId);
        }
    }

    [Fact]
    public void Parts_add_up_whatever_the_clocks_said()
    {
        // Any delays between the events, forwards and backwards, and any durations.
        Gen.Select(Gen.Int[-500, 2_000].Array[9], Gen.Long[0, 3_000].Array[4], Gen.Bool).Sample((delays, durations, lost) =>
        {
            var at = 0;
            RunEvent[] events =
            [
                Started() with { WaitedMs = durations[3] },
                Calls(("a", "sum"), ("w", "send")) with { DurationMs = durations[0] },
                Begins("a", "sum", ToolEffect.Pure),
                lost ? Resumed : Begins("a", "sum", ToolEffect.Pure),
                Returns("a", "sum") with { DurationMs = durations[1] },
                new ApprovalRequested { CallId = "w", Tool = "send", Arguments = "{}" },
                new ApprovalDecided { CallId = "w", Approved = false },
                Returns("w", "send", "denied", ToolErrorKind.Denied) with { Synthetic = true },
                Says("x") with { DurationMs = durations[2] },
                new RunCompleted { Answer = "x" },
            ];
            var explained = Explain([.. events.Select((next, place) => (place == 0 ? 0 : at += delays[place - 1], next))]);
            var parts = explained.Parts;
            long[] all = [parts.Queue, parts.Model, parts.Tools, parts.Approval, parts.Recovery, parts.Overhead];
            Assert.Equal(explained.TotalMs, all.Sum());
            Assert.All(all, part => Assert.True(part >= 0));
        });
    }

    private static RunExplanation Explain(params (int Ms, RunEvent Event)[] events) =>
        RunExplainer.Explain(Guid.Empty, Journal(events), null, Agent(), Noon.AddDays(1));

    private static List<RunEvent> Journal(params (int Ms, RunEvent Event)[] events) =>
        [.. events.Select((one, index) => one.Event with { Seq = index + 1, At = Noon.AddMilliseconds(one.Ms) })];
}
