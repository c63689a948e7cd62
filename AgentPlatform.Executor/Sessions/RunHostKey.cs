namespace AgentPlatform.Executor.Sessions;

/// <summary>Grain keys; neither part may hold the separator.</summary>
internal static class RunHostKey
{
    public static string Of(string tenantId, string sessionId) => $"{tenantId}/{sessionId}";

    public static string Of(string tenantId, Guid runId) => $"{tenantId}/{runId:N}";

    public static (string TenantId, string Id) Parse(string key)
    {
        var separator = key.IndexOf('/', StringComparison.Ordinal);
        return (key[..separator], key[(separator + 1)..]);
    }
}
