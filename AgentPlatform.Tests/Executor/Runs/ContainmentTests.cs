using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Runs;
using CsCheck;
using Xunit;
using static AgentPlatform.Tests.Executor.Runs.RunScript;

namespace AgentPlatform.Tests.Executor.Runs;

/// <summary>What an agent may still do by itself after it has seen what anybody may have written.</summary>
public sealed class ContainmentTests
{
    private static readonly AgentDefinition Unworried = Agent(approval: new AgentApproval { AfterUntrusted = AfterUntrusted.Allow });

    public static TheoryData<string, RunEvent[]> Ways => new()
    {
        { "by a call of this run", [Started(), Calls(("a", "look")), Foreign("a", "look")] },
        { "before this run", [Started() with { Untrusted = true }] },
        { "while it waited in a queue", [Started() with { Queued = true }, new RunResumed { Epoch = 1, Executor = "e", FromQueue = true, Untrusted = true }] },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Once_outside_text_is_in_the_conversation_what_changes_something_waits_for_a_person(string way, RunEvent[] before)
    {
        foreach (var tool in (string[])["put", "send"])
        {
            var state = Fold([.. before, Calls(("b", tool))]);

            Assert.True(Rules().Next(state) is NextAction.AwaitApproval { Calls: [{ Call.CallId: "b" }] }, $"{way}: {tool}");
            Assert.Equal(ApprovalRequested.UntrustedContent, Rules().ApprovalCause(tool));
            Assert.IsType<NextAction.CallTools>(Rules(Unworried).Next(state));
        }

        var reading = Assert.IsType<NextAction.CallTools>(Rules().Next(Fold([.. before, Calls(("b", "sum"), ("c", "look"))])));
        Assert.Equal(["b", "c"], reading.Calls.Select(call => call.Call.CallId));
    }

    [Fact]
    public void A_call_that_a_person_approved_runs_and_one_that_was_denied_does_not()
    {
        RunEvent[] asked =
        [
            Started(), Calls(("a", "look")), Foreign("a", "look"), Calls(("b", "send")),
            new ApprovalRequested { CallId = "b", Tool = "send", Arguments = "{}", Cause = ApprovalRequested.UntrustedContent },
        ];

        var waiting = Fold(asked);
        var approved = Rules().Next(Fold([.. asked, new ApprovalDecided { CallId = "b", Approved = true }]));
        var denied = Rules().Next(Fold([.. asked, new ApprovalDecided { CallId = "b", Approved = false }]));

        Assert.Equal([new PendingApproval("b", "send", """{"text":"b"}""", "untrusted_content")], RunOutcomes.ApprovalsOf(waiting));
        Assert.IsType<NextAction.CallTools>(approved);
        Assert.Equal(ToolErrorKind.Denied, Assert.Single(Assert.IsType<NextAction.AnswerCalls>(denied).Results).Error);
    }

    [Fact]
    public void A_call_that_waits_by_the_agents_file_names_no_other_cause()
    {
        var rules = Rules(Agent(approval: new AgentApproval { Tools = ["send"], AfterUntrusted = AfterUntrusted.Allow }));

        Assert.IsType<NextAction.AwaitApproval>(rules.Next(Fold(Started() with { Untrusted = true }, Calls(("b", "send")))));
        Assert.Null(rules.ApprovalCause("send"));
    }

    [Fact]
    public void Whatever_has_happened_no_change_is_planned_without_a_word_behind_outside_text()
    {
        // Rounds of calls, some of whose results come from outside; the last call of a round is the one that is still to be made.
        var round = Gen.Select(Gen.OneOf("sum", "look", "put", "send"), Gen.Bool);
        round.List[1, 6].Sample(rounds =>
        {
            var events = new List<RunEvent> { Started() };
            var foreign = false;
            foreach (var ((tool, outside), i) in rounds.Select((one, i) => (one, i)))
            {
                events.Add(Calls(($"c{i}", tool)));
                var next = Rules().Next(Fold([.. events]));
                if (foreign && tool is ("put" or "send"))
                {
                    Assert.IsType<NextAction.AwaitApproval>(next);
                }
                else
                {
                    Assert.IsType<NextAction.CallTools>(next);
                }

                events.Add(outside ? Foreign($"c{i}", tool) : Returns($"c{i}", tool));
                foreign |= outside;
            }
        });
    }

    private static ToolReturned Foreign(string id, string tool) => Returns(id, tool) with { Untrusted = true };
}
