using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Runs;
using Xunit;
using static AgentPlatform.Tests.Executor.Runs.RunScript;

namespace AgentPlatform.Tests.Executor.Runs;

public sealed class RunRulesTests
{
    [Fact]
    public void A_new_run_asks_the_model()
    {
        Assert.Null(Assert.IsType<NextAction.CallModel>(Rules().Next(Fold(Started()))).Limit);
    }

    [Fact]
    public void Pure_and_read_calls_run_side_by_side_and_writes_alone_in_their_order()
    {
        var reply = Calls(("a", "sum"), ("b", "look"), ("c", "send"), ("d", "sum"));
        Assert.Equal(["a", "b"], Planned(Fold(Started(), reply)));

        var later = Fold(Started(), reply, Returns("a", "sum"), Returns("b", "look"));
        Assert.Equal(["c"], Planned(later));
        Assert.Equal(["d"], Planned(later.Apply(Returns("c", "send") with { Seq = 5 })));
    }

    [Fact]
    public void Text_without_calls_is_the_answer()
    {
        var complete = Assert.IsType<NextAction.Complete>(Rules().Next(Fold(Started(), Says("42"))));
        Assert.Equal("42", complete.Answer);
        Assert.Null(complete.Limit);
    }

    [Theory]
    [InlineData("files__read")]
    [InlineData("files__*")]
    public void A_tool_that_is_not_there_now_is_told_of_as_such_and_the_answer_is_not_kept(string missing)
    {
        var rules = new RunRules(Agent(), [Tool("sum", ToolEffect.Pure)], [missing]);
        var reply = Calls(("a", "files__read"));

        var fresh = Assert.Single(Assert.IsType<NextAction.AnswerCalls>(rules.Next(Fold(Started(), reply))).Results);
        var begun = Assert.Single(Assert.IsType<NextAction.AnswerCalls>(
            rules.Next(Fold(Started(), reply, Begins("a", "files__read", ToolEffect.Idempotent), Resumed))).Results);

        Assert.Equal((ToolErrorKind.Failed, "Not called: 'files__read' is not there at the moment. Go on without it."), (fresh.Error, fresh.Text));
        Assert.Equal((ToolErrorKind.Interrupted, "'files__read' was interrupted, and is not there any more. Whether it took effect is not known."), (begun.Error, begun.Text));
        Assert.True(rules.IsShort);
        Assert.Equal("tool_error", CacheRule.Decide(Fold(Started(), Says("42"), new RunCompleted { Answer = "42", Iterations = 0 }), new AgentCachePolicy(), rules.IsShort).Decision);
    }

    [Fact]
    public void An_unknown_tool_gets_a_result_that_names_the_tools_there_are()
    {
        var answer = Assert.IsType<NextAction.AnswerCalls>(Rules().Next(Fold(Started(), Calls(("a", "nope")))));
        var result = Assert.Single(answer.Results);
        Assert.Equal(ToolErrorKind.UnknownTool, result.Error);
        Assert.Contains("sum, look, put, send", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_write_is_never_repeated()
    {
        var state = Fold(Started(), Calls(("a", "send")), Begins("a", "send", ToolEffect.Write), Resumed);
        var giveUp = Assert.IsType<NextAction.GiveUp>(Rules().Next(state));
        Assert.Equal(FailureReason.OutcomeUnknown, giveUp.Reason);
    }

    [Fact]
    public void A_write_that_broke_off_ends_the_run_instead_of_being_tried_again()
    {
        var state = Fold(
            Started(), Calls(("a", "send")), Begins("a", "send", ToolEffect.Write), Returns("a", "send", "?", ToolErrorKind.OutcomeUnknown));
        Assert.Equal(FailureReason.OutcomeUnknown, Assert.IsType<NextAction.GiveUp>(Rules().Next(state)).Reason);
    }

    [Theory]
    [InlineData("""{"answer":1,"answer":2}""")]
    [InlineData("""{"answer":"\u0000"}""")]
    [InlineData("""{"answer":"\ud800"}""")]
    [InlineData("""{"answer":1e200000}""")]
    public void Json_that_the_journal_cannot_hold_does_not_fit_any_schema(string answer) =>
        Assert.NotNull(Rules(Agent(schema: """{"type":"object"}""")).CheckOutput(answer, context: null).Problem);

    [Theory]
    [InlineData("sum", ToolEffect.Pure)]
    [InlineData("look", ToolEffect.Read)]
    [InlineData("put", ToolEffect.Idempotent)]
    public void Other_interrupted_calls_are_repeated_without_a_second_intent(string tool, ToolEffect effect)
    {
        var state = Fold(Started(), Calls(("a", tool)), Begins("a", tool, effect), Resumed);
        var call = Assert.Single(Assert.IsType<NextAction.CallTools>(Rules().Next(state)).Calls);
        Assert.True(call.Started);
    }

    [Fact]
    public void At_the_iteration_limit_comes_one_last_call_and_its_text_is_the_labelled_answer()
    {
        var rules = Rules(Agent(new AgentLimits { MaxIterations = 1 }));
        var state = Fold(Started(), Calls(("a", "sum")), Returns("a", "sum"));
        Assert.Equal("max_iterations", Assert.IsType<NextAction.CallModel>(rules.Next(state)).Limit);

        var answered = state.Apply(Says("so far", "max_iterations") with { Seq = 4 });
        Assert.Equal("max_iterations", Assert.IsType<NextAction.Complete>(rules.Next(answered)).Limit);
    }

    [Fact]
    public void Calls_over_the_limit_are_answered_without_being_made()
    {
        var rules = Rules(Agent(new AgentLimits { MaxToolCalls = 1 }));
        var state = Fold(Started(), Calls(("a", "send"), ("b", "send")));
        var answer = Assert.IsType<NextAction.AnswerCalls>(rules.Next(state));
        Assert.All(answer.Results, result => Assert.Equal(ToolErrorKind.Limit, result.Error));
        Assert.Equal(2, answer.Results.Count);
    }

    [Fact]
    public void The_same_call_again_and_again_ends_in_the_last_call()
    {
        var rules = Rules(Agent(new AgentLimits { MaxRepeatedCalls = 2 }));
        var state = Fold(
            Started(),
            CallsWith(("a", "sum", "{}")), Returns("a", "sum"),
            CallsWith(("b", "sum", "{}")), Returns("b", "sum"),
            CallsWith(("c", "sum", "{}")));
        Assert.IsType<NextAction.AnswerCalls>(rules.Next(state));
        var refused = state.Apply(Returns("c", "sum", "no", ToolErrorKind.Limit) with { Seq = 7 });
        Assert.Equal("max_repeated_calls", Assert.IsType<NextAction.CallModel>(rules.Next(refused)).Limit);
    }

    [Theory]
    [InlineData(15L, null, "max_total_tokens")]
    [InlineData(null, 0.001, "max_cost_usd")]
    public void Tokens_and_cost_are_limits_too(long? tokens, double? cost, string limit)
    {
        var rules = Rules(Agent(new AgentLimits { MaxTotalTokens = tokens, MaxCostUsd = (decimal?)cost }));
        var state = Fold(Started(), Calls(("a", "sum")), Returns("a", "sum"));
        Assert.Equal(limit, Assert.IsType<NextAction.CallModel>(rules.Next(state)).Limit);
    }

    [Theory]
    [InlineData(null, 15L, "max_total_tokens")]
    [InlineData(1_000L, 15L, "max_total_tokens")]
    [InlineData(15L, 1_000L, "max_total_tokens")]
    [InlineData(16L, 1_000L, null)]
    [InlineData(1_000L, 16L, null)]
    public void What_was_set_aside_in_a_budget_limits_a_run_where_it_is_less_than_the_agents_own_also_after_it_was_taken_over(long? own, long? reserved, string? limit)
    {
        var rules = Rules(Agent(new AgentLimits { MaxTotalTokens = own }));
        var begun = Fold(Started() with { MaxTotalTokens = reserved }, Calls(("a", "sum")), Returns("a", "sum"));
        Assert.Equal(limit, Assert.IsType<NextAction.CallModel>(rules.Next(begun)).Limit);
        Assert.Equal(limit, Assert.IsType<NextAction.CallModel>(rules.Next(begun.Apply(Resumed with { Seq = 4 }))).Limit);
    }

    [Theory]
    [InlineData(0.001, "max_cost_usd")]
    [InlineData(0.002, null)]
    public void So_does_money(double reserved, string? limit)
    {
        var state = Fold(Started() with { MaxCostUsd = (decimal)reserved }, Calls(("a", "sum")), Returns("a", "sum"));
        Assert.Equal(limit, Assert.IsType<NextAction.CallModel>(Rules().Next(state)).Limit);
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public void Every_limit_holds_for_a_run_that_was_taken_over(AgentLimits limits, string limit)
    {
        var rules = Rules(Agent(limits));
        var state = Fold(
            Started(), CallsWith(("a", "sum", "{}")), Returns("a", "sum"), CallsWith(("b", "sum", "{}")), Returns("b", "sum"), Resumed);
        Assert.Equal(limit, Assert.IsType<NextAction.CallModel>(rules.Next(state)).Limit);
    }

    public static TheoryData<AgentLimits, string> Limits => new()
    {
        { new AgentLimits { MaxIterations = 2 }, "max_iterations" },
        { new AgentLimits { MaxToolCalls = 1 }, "max_tool_calls" },
        { new AgentLimits { MaxRepeatedCalls = 1 }, "max_repeated_calls" },
        { new AgentLimits { MaxTotalTokens = 30 }, "max_total_tokens" },
        { new AgentLimits { MaxCostUsd = 0.002m }, "max_cost_usd" },
    };

    [Fact]
    public void A_call_that_needs_a_person_waits_and_is_made_after_the_word()
    {
        var rules = Rules(Agent(approval: new AgentApproval { Effects = [ToolEffect.Write] }));
        var state = Fold(Started(), Calls(("a", "send")));
        Assert.Single(Assert.IsType<NextAction.AwaitApproval>(rules.Next(state)).Calls);

        var asked = state.Apply(new ApprovalRequested { CallId = "a", Tool = "send", Arguments = "{}", Seq = 3 });
        var approved = asked.Apply(new ApprovalDecided { CallId = "a", Approved = true, Seq = 4 });
        Assert.IsType<NextAction.CallTools>(rules.Next(approved));

        var denied = asked.Apply(new ApprovalDecided { CallId = "a", Approved = false, Seq = 4 });
        var answer = Assert.IsType<NextAction.AnswerCalls>(rules.Next(denied));
        Assert.Equal(ToolErrorKind.Denied, Assert.Single(answer.Results).Error);
    }

    [Fact]
    public void An_empty_reply_is_asked_for_once_more_and_then_a_model_error()
    {
        var once = Fold(Started(), Says(" "));
        Assert.IsType<NextAction.CallModel>(Rules().Next(once));
        var twice = once.Apply(Says("") with { Seq = 3 });
        Assert.Equal(FailureReason.ModelError, Assert.IsType<NextAction.GiveUp>(Rules().Next(twice)).Reason);
    }

    [Fact]
    public void An_answer_must_fit_the_response_schema()
    {
        var rules = Rules(Agent(schema: """{"type":"object","properties":{"answer":{"type":"number"}},"required":["answer"]}"""));
        Assert.IsType<NextAction.CallModel>(rules.Next(Fold(Started(), Says("about 5"))));

        var complete = Assert.IsType<NextAction.Complete>(rules.Next(Fold(Started(), Says("""{"answer":5}"""))));
        Assert.Equal(5, complete.Output.Output!.Value.GetProperty("answer").GetInt32());

        var fenced = Assert.IsType<NextAction.Complete>(rules.Next(Fold(Started(), Says("```json\n{\"answer\":5}\n```"))));
        Assert.NotNull(fenced.Output.Output);

        var twice = Fold(Started(), Says("about 5"), Says("""{"answer":"5"}"""));
        Assert.Equal(FailureReason.ModelError, Assert.IsType<NextAction.GiveUp>(rules.Next(twice)).Reason);
    }

    [Fact]
    public void An_ended_run_stops() => Assert.IsType<NextAction.Stop>(Rules().Next(Fold(Started(), new RunTimedOut())));

    private static List<string> Planned(RunState state) =>
        [.. Assert.IsType<NextAction.CallTools>(Rules().Next(state)).Calls.Select(call => call.Call.CallId)];
}
