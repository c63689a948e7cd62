using AgentPlatform.ServiceDefaults.Metrics;
using AgentPlatform.ServiceDefaults.Telemetry;

namespace AgentPlatform.Api.Hosting;

/// <summary>The JSON form of <c>/metrics</c>: the totals of this process since it started.</summary>
internal sealed record MetricsTotals(
    long TotalRequests, long TotalErrors, long TotalFallbacks, long CacheHits, long CacheMisses, long ActiveRuns)
{
    public static MetricsTotals Of(MetricsSnapshot metrics) => new(
        (long)metrics.Sum(AgentMetrics.RequestsTotal),
        (long)metrics.Sum(AgentMetrics.ErrorsTotal),
        (long)metrics.Sum(AgentMetrics.FallbacksTotal),
        (long)metrics.Sum(AgentMetrics.CacheTotal, ("result", AgentMetrics.CacheHit)),
        (long)metrics.Sum(AgentMetrics.CacheTotal, ("result", AgentMetrics.CacheMiss)),
        (long)metrics.Sum(AgentMetrics.ActiveRunsName));
}
