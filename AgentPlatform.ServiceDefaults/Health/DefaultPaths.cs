using Microsoft.AspNetCore.Http;

namespace AgentPlatform.ServiceDefaults.Health;

/// <summary>The paths that probes and scrapers ask for; they are neither traced nor counted as traffic.</summary>
public static class DefaultPaths
{
    public const string Alive = "/alive";
    public const string Ready = "/ready";
    public const string Health = "/health";
    public const string Metrics = "/metrics";

    internal static bool Contains(PathString path) => path.Value is Alive or Ready or Health or Metrics;
}
