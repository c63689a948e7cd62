using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Executor.Runs;

/// <summary>Tokens and US dollars of one run; null for no bound.</summary>
internal readonly record struct RunBounds(long? MaxTotalTokens, decimal? MaxCostUsd)
{
    public static RunBounds None => default;

    /// <summary>The agent's limits, or what was set aside in a budget where that is less. The journal holds the latter, so that it holds after a crash as before.</summary>
    public static RunBounds Of(AgentLimits? limits, RunStarted? started) => new(
        Smaller(limits?.MaxTotalTokens, started?.MaxTotalTokens),
        Smaller(limits?.MaxCostUsd, started?.MaxCostUsd));

    private static T? Smaller<T>(T? one, T? other)
        where T : struct, IComparable<T> =>
        one is null || (other is { } second && second.CompareTo(one.Value) < 0) ? other : one;
}
