using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs;
using Xunit;
using static AgentPlatform.Tests.Executor.Runs.RunScript;

namespace AgentPlatform.Tests.Executor.Runs;

public sealed class RunStateTests
{
    [Fact]
    public void A_run_is_queued_before_its_first_event_and_running_after_it()
    {
        Assert.Equal(RunStatus.Queued, RunState.Empty.Status);
        Assert.Equal(RunStatus.Running, Fold(Started()).Status);
    }

    [Fact]
    public void Usage_is_the_sum_over_all_replies()
    {
        var state = Fold(Started(), Calls(("a", "sum")), Begins("a", "sum", ToolEffect.Pure), Returns("a", "sum"), Says("done"));

        Assert.Equal(new Usage(20, 10, 0.002m, false), state.Usage);
    }

    [Fact]
    public void An_iteration_counts_when_every_call_of_the_reply_has_its_result()
    {
        var half = Fold(Started(), Calls(("a", "sum"), ("b", "sum")), Returns("a", "sum"));
        Assert.Equal(0, half.Iterations);

        Assert.Equal(1, half.Apply(Returns("b", "sum") with { Seq = 4 }).Iterations);
    }

    [Fact]
    public void A_takeover_marks_calls_that_were_begun_and_not_those_that_were_not()
    {
        var state = Fold(Started(), Calls(("a", "send"), ("b", "send")), Begins("a", "send", ToolEffect.Write), Resumed);

        Assert.True(state.Calls[0].Interrupted);
        Assert.False(state.Calls[1].Interrupted);
    }

    [Fact]
    public void A_gap_in_the_sequence_is_refused()
    {
        var broken = Assert.Throws<InvalidOperationException>(() => Fold(Started()).Apply(Says("x") with { Seq = 3 }));
        Assert.Contains("Event 3 cannot follow event 1", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_follows_the_end()
    {
        var ended = Fold(Started(), new RunTimedOut());
        Assert.Throws<InvalidOperationException>(() => ended.Apply(Says("late") with { Seq = 3 }));
    }

    [Fact]
    public void A_result_for_a_call_nobody_made_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => Fold(Started(), Returns("ghost", "sum")));

    [Theory]
    [MemberData(nameof(Endings))]
    public void Each_ending_has_its_status(RunEvent ending, RunStatus status) => Assert.Equal(status, Fold(Started(), ending).Status);

    public static TheoryData<RunEvent, RunStatus> Endings => new()
    {
        { new RunCompleted { Answer = "yes" }, RunStatus.Completed },
        { new RunFailed { Reason = FailureReason.ModelError, Message = "no" }, RunStatus.Failed },
        { new RunFailed { Reason = FailureReason.OutcomeUnknown, Message = "?" }, RunStatus.OutcomeUnknown },
        { new RunTimedOut(), RunStatus.TimedOut },
        { new RunCancelled { Cause = "requested" }, RunStatus.Cancelled },
    };

    [Fact]
    public void Waiting_for_two_words_ends_only_with_the_second()
    {
        var asked = Fold(
            Started(),
            Calls(("a", "send"), ("b", "send")),
            new ApprovalRequested { CallId = "a", Tool = "send", Arguments = "{}" },
            new ApprovalRequested { CallId = "b", Tool = "send", Arguments = "{}" });
        Assert.Equal(RunStatus.AwaitingApproval, asked.Status);

        var one = asked.Apply(new ApprovalDecided { CallId = "a", Approved = true, Seq = 5 });
        Assert.Equal(RunStatus.AwaitingApproval, one.Status);
        Assert.Equal(RunStatus.Running, one.Apply(new ApprovalDecided { CallId = "b", Approved = false, Seq = 6 }).Status);
    }
}
