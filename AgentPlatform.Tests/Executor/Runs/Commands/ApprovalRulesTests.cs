using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs;
using AgentPlatform.Executor.Runs.Commands;
using Xunit;
using static AgentPlatform.Tests.Executor.Runs.RunScript;

namespace AgentPlatform.Tests.Executor.Runs.Commands;

public sealed class ApprovalRulesTests
{
    private const string Arguments = """{"to":"ada","amount":5}""";

    private static readonly RunState Waiting = Fold(
        Started(), CallsWith(("a", "send", Arguments)), new ApprovalRequested { CallId = "a", Tool = "send", Arguments = Arguments });

    [Fact]
    public void A_word_on_a_call_that_waits_counts() => Assert.Equal(ApprovalCheck.Waits, Check(Yes));

    [Fact]
    public void The_arguments_that_a_person_saw_are_compared_as_json()
    {
        Assert.Equal(ApprovalCheck.Waits, Check(Yes with { Arguments = """{ "amount": 5, "to": "ada" }""" }));
        Assert.Equal(ApprovalCheck.OtherArguments, Check(Yes with { Arguments = """{"to":"ada","amount":500}""" }));
        Assert.Equal(ApprovalCheck.OtherArguments, Check(Yes with { Arguments = "five to ada" }));
    }

    [Fact]
    public void The_same_word_again_changes_nothing_and_another_one_is_refused()
    {
        var decided = Waiting.Apply(new ApprovalDecided { CallId = "a", Approved = true, Seq = 4 });
        Assert.Equal(ApprovalCheck.Recorded, ApprovalRules.Check(decided, "a", Yes));
        Assert.Equal(ApprovalCheck.DecidedOtherwise, ApprovalRules.Check(decided, "a", Yes with { Approve = false }));
    }

    [Fact]
    public void A_call_that_asks_nobody_is_not_found() =>
        Assert.Equal(ApprovalCheck.NoSuchCall, ApprovalRules.Check(Fold(Started(), Calls(("a", "sum"))), "a", Yes));

    [Fact]
    public void After_the_end_of_the_run_it_is_too_late() => Assert.Equal(
        ApprovalCheck.RunEnded, ApprovalRules.Check(Waiting.Apply(new RunCancelled { Cause = RunCancelled.Requested, Seq = 4 }), "a", Yes));

    private static ApprovalDecision Yes { get; } = new() { Approve = true };

    private static ApprovalCheck Check(ApprovalDecision decision) => ApprovalRules.Check(Waiting, "a", decision);
}
