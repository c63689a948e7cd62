using AgentPlatform.ServiceDefaults.Telemetry;

namespace AgentPlatform.Api.Agent;

/// <summary>Results of look-ups, as <c>agent_cache_total</c> counts them.</summary>
internal static class CacheResults
{
    public const string Hit = AgentMetrics.CacheHit;
    public const string Miss = AgentMetrics.CacheMiss;

    /// <summary>An equal question was being answered.</summary>
    public const string Joined = "joined";

    /// <summary>The caller or the agent wants no cached answer.</summary>
    public const string Bypass = "bypass";

    /// <summary>The cache could not be asked.</summary>
    public const string Error = "error";
}
