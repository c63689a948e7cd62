using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs;
using Xunit;
using static AgentPlatform.Tests.Executor.Runs.RunScript;

namespace AgentPlatform.Tests.Executor.Runs;

public sealed class CacheRuleTests
{
    private static readonly AgentCachePolicy Policy = new();

    [Theory]
    [InlineData(ToolEffect.Pure, false, true, "stored")]
    [InlineData(ToolEffect.Read, false, false, "effects")]
    [InlineData(ToolEffect.Read, true, true, "stored")]
    [InlineData(ToolEffect.Idempotent, true, false, "effects")]
    [InlineData(ToolEffect.Write, true, false, "effects")]
    public void The_effects_decide(ToolEffect effect, bool allowRead, bool storable, string decision)
    {
        var state = Fold(Started(), Calls(("a", "x")), Begins("a", "x", effect), Returns("a", "x"), Says("1"), new RunCompleted { Answer = "1" });
        var cache = CacheRule.Decide(state, Policy with { AllowRead = allowRead });
        Assert.Equal((storable, decision), (cache.Storable, cache.Decision));
    }

    [Fact]
    public void An_agent_may_say_no() =>
        Assert.Equal("disabled", Decide(Policy with { Enabled = false }, Says("1"), new RunCompleted { Answer = "1" }));

    [Fact]
    public void An_answer_cut_by_a_limit_is_not_kept() =>
        Assert.Equal("degraded", Decide(Policy, Says("1", "max_iterations"), new RunCompleted { Answer = "1", Limit = "max_iterations" }));

    [Fact]
    public void An_answer_of_a_fallback_model_is_not_kept() =>
        Assert.Equal("degraded", Decide(Policy, Says("1") with { FallbackModel = "second" }, new RunCompleted { Answer = "1" }));

    [Theory]
    [InlineData("length")]
    [InlineData("content_filter")]
    public void A_truncated_answer_is_not_kept(string finish) =>
        Assert.Equal("truncated", Decide(Policy, Says("1") with { FinishReason = finish }, new RunCompleted { Answer = "1" }));

    [Fact]
    public void An_answer_that_had_to_do_without_a_tool_is_not_kept()
    {
        var state = Fold(
            Started(), Calls(("a", "sum")), Begins("a", "sum", ToolEffect.Pure), Returns("a", "sum", "late", ToolErrorKind.Timeout), Says("1"), new RunCompleted { Answer = "1" });
        Assert.Equal("tool_error", CacheRule.Decide(state, Policy).Decision);
    }

    [Fact]
    public void A_corrected_mistake_of_the_model_does_not_matter()
    {
        var state = Fold(
            Started(), Calls(("a", "sum")), Begins("a", "sum", ToolEffect.Pure), Returns("a", "sum", "bad", ToolErrorKind.InvalidArguments), Says("1"), new RunCompleted { Answer = "1" });
        Assert.True(CacheRule.Decide(state, Policy).Storable);
    }

    [Fact]
    public void Only_completed_runs_are_kept() => Assert.False(CacheRule.Decide(Fold(Started(), new RunTimedOut()), Policy).Storable);

    private static string Decide(AgentCachePolicy policy, params RunEvent[] events) => CacheRule.Decide(Fold([Started(), .. events]), policy).Decision;
}
