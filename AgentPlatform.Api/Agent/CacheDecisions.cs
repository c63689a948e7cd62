namespace AgentPlatform.Api.Agent;

/// <summary>The words of <c>cache.decision</c> that are decided here; the executor has more (<c>effects</c>, <c>truncated</c>, …).</summary>
internal static class CacheDecisions
{
    public const string Hit = "hit";
    public const string Stored = "stored";
    public const string Joined = "joined";
    public const string Stale = "stale";

    /// <summary>A degraded answer is never kept.</summary>
    public const string Degraded = "degraded";

    /// <summary>The caller or the agent wants nothing kept, or there is nothing to keep.</summary>
    public const string Bypassed = "bypassed";

    /// <summary>The agent's answers are not kept.</summary>
    public const string Disabled = "disabled";

    /// <summary>The cache could not be reached.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>The agent's answers were removed while this one was being made.</summary>
    public const string Removed = "removed";

    /// <summary>A version of the agent wrote it that the catalogue does not show (yet, or any more).</summary>
    public const string OtherVersion = "other_version";
}
