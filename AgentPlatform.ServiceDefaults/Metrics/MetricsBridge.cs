using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AgentPlatform.ServiceDefaults.Telemetry;
using Prometheus;

namespace AgentPlatform.ServiceDefaults.Metrics;

/// <summary>
/// Feeds a Prometheus registry from the instruments of the meter <c>AgentPlatform</c>, under exactly their names. (prometheus-net's own
/// <c>MeterAdapter</c> exports <c>{meter}_{instrument}</c>.) The registry is this object's own: none of the library's default metrics
/// are in it, and two hosts in one process do not mix.
/// </summary>
internal sealed class MetricsBridge : IDisposable
{
    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public MetricsBridge(AgentMetrics metrics, IMeterFactory meterFactory)
    {
        var families = new MetricFamilies(_registry);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == AgentMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, meterFactory))
            {
                listener.EnableMeasurementEvents(instrument, _series.GetOrAdd(instrument.Name, _ => families.For(instrument)));
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, series) => ((MetricSeries)series!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, series) => ((MetricSeries)series!).Record(value, tags));
        _listener.Start();
        metrics.Seed();
    }

    internal Task WriteTextAsync(Stream output, CancellationToken cancellationToken)
    {
        _listener.RecordObservableInstruments();
        return _registry.CollectAndExportAsTextAsync(output, cancellationToken);
    }

    internal double Sum(string instrument, ReadOnlySpan<(string Label, string Value)> where) =>
        _series.TryGetValue(instrument, out var series) ? series.Sum(where) : 0;

    public void Dispose() => _listener.Dispose();
}
