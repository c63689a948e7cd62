namespace AgentPlatform.Api.Mcp;

/// <summary>What depends on the revision of the protocol that a request is written in. Revisions are dates.</summary>
internal static class McpRevision
{
    public const string Header = "MCP-Protocol-Version";

    private const string WithoutSessions = "2026-07-28";

    /// <summary>Since then a client that hangs up has cancelled; before, it had only hung up.</summary>
    public static bool HangingUpCancels(HttpContext context) => IsWithoutSessions(context.Request.Headers[Header].ToString());

    public static bool IsWithoutSessions(string? revision) => string.CompareOrdinal(revision, WithoutSessions) >= 0;
}
