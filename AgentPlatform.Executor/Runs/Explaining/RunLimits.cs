using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Runs.Explaining;

/// <summary>How much of each limit a run used.</summary>
internal static class RunLimits
{
    private const double Near = 0.8;

    /// <param name="limits">Of the agent's version; null when it is not known any more.</param>
    public static IReadOnlyList<LimitUse> Of(RunState state, AgentLimits? limits, TimeSpent spent)
    {
        var uses = new List<LimitUse>();
        if (limits is not null)
        {
            uses.Add(Use(RunRules.MaxIterations, state.Iterations, limits.MaxIterations));
            uses.Add(Use("max_tool_calls", state.Calls.Length, limits.MaxToolCalls));
            uses.Add(Use("max_repeated_calls", MostRepeated(state), limits.MaxRepeatedCalls));
        }

        var bounds = RunBounds.Of(limits, state.Started);
        if (bounds.MaxTotalTokens is { } tokens)
        {
            uses.Add(Use("max_total_tokens", state.Usage.TotalTokens, tokens));
        }

        if (bounds.MaxCostUsd is { } cost && state.Usage.CostUsd is { } spentUsd)
        {
            uses.Add(Use("max_cost_usd", (double)spentUsd, (double)cost));
        }

        // The wall clock is the request's or the agent's, whichever is shorter; it stands still in a queue and before a person. What the message had waited
        // for the floor was taken off it before the run began.
        var seconds = (spent.TotalMs - spent.Parts.Queue - spent.Parts.Approval) / 1000d;
        uses.Add(Use("max_seconds", seconds, state.Started!.TimeoutMs / 1000d));
        return uses;
    }

    private static int MostRepeated(RunState state) =>
        state.Calls.GroupBy(call => (call.Call.Tool, call.Call.Arguments)).Select(same => same.Count()).DefaultIfEmpty().Max();

    private static LimitUse Use(string limit, double used, double max) =>
        new(limit, used, max, used >= max ? "reached" : used >= Near * max ? "near" : "ok");
}
