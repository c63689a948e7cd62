namespace AgentPlatform.ServiceDefaults.Metrics;

/// <summary>The current values of this process's metrics, for a form of <c>/metrics</c> other than Prometheus text.</summary>
public sealed class MetricsSnapshot
{
    private readonly MetricsBridge _bridge;

    internal MetricsSnapshot(MetricsBridge bridge) => _bridge = bridge;

    /// <summary>
    /// The sum over all series of an instrument whose labels have the given values: <c>Sum("agent_cache_total", ("result", "hit"))</c>.
    /// Of a histogram, the number of observations. Zero for a name or a label that does not exist.
    /// </summary>
    public double Sum(string instrument, params ReadOnlySpan<(string Label, string Value)> where) => _bridge.Sum(instrument, where);
}
