namespace AgentPlatform.Core.AnswerCache;

/// <summary>
/// The names of answers in Redis: <c>answer:AGENT:VERSION:{HASH}</c>, with digests of tenant and agent and of the version in front, so that the
/// answers of one agent or of one version can be found. The braces keep both names of one key on one node of a Redis cluster.
/// </summary>
internal static class AnswerNames
{
    private const string Prefix = "answer:";
    private const string StaleSuffix = ":stale";
    private const int DigestDigits = 16;

    /// <summary>The fresh answer, or the flight.</summary>
    public static string Name(AnswerKey key) => $"{Prefix}{AgentOf(key.TenantId, key.Agent)}:{VersionOf(key.AgentVersion)}:{{{key}}}";

    /// <summary>
    /// The copy that outlives the fresh answer. Under a name of its own, or it would stand in the way of the next flight.
    /// </summary>
    public static string StaleName(string name) => name + StaleSuffix;

    /// <summary>The name of the fresh answer, of either name.</summary>
    public static string FreshName(string name) =>
        name.EndsWith(StaleSuffix, StringComparison.Ordinal) ? name[..^StaleSuffix.Length] : name;

    /// <summary>Finds every name of an agent, or of one version of it.</summary>
    public static string Pattern(string tenantId, string agent, string? version) =>
        version is null ? $"{Prefix}{AgentOf(tenantId, agent)}:*" : $"{Prefix}{AgentOf(tenantId, agent)}:{VersionOf(version)}:*";

    /// <summary>Where it is written when the answers of an agent were last removed, by version.</summary>
    public static string Removals(string tenantId, string agent) => $"{Prefix}removed:{AgentOf(tenantId, agent)}";

    public static string VersionOf(string version) => AnswerKey.Hash([version])[..DigestDigits];

    private static string AgentOf(string tenantId, string agent) => AnswerKey.Hash([tenantId, agent])[..DigestDigits];
}
