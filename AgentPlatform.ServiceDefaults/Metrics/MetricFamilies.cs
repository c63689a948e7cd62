using System.Diagnostics.Metrics;
using AgentPlatform.ServiceDefaults.Telemetry;
using Prometheus;
using static AgentPlatform.ServiceDefaults.Metrics.MetricSeries;

namespace AgentPlatform.ServiceDefaults.Metrics;

/// <summary>Makes the Prometheus family that fits an instrument, under the instrument's own name.</summary>
internal sealed class MetricFamilies(CollectorRegistry registry)
{
    // Exemplars would read the current activity and allocate at every measurement.
    private readonly MetricFactory _factory = CreateFactory(registry);

    internal MetricSeries For(Instrument instrument)
    {
        var labels = AgentMetrics.Labels.GetValueOrDefault(instrument.Name, []);
        return new MetricSeries(labels, instrument switch
        {
            Counter<long> or Counter<double> => Counter(instrument, labels, absolute: false),
            ObservableCounter<long> or ObservableCounter<double> => Counter(instrument, labels, absolute: true),
            UpDownCounter<long> or UpDownCounter<double> => Gauge(instrument, labels, absolute: false),
            Histogram<long> histogram => Histogram(instrument, labels, histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound)),
            Histogram<double> histogram => Histogram(instrument, labels, histogram.Advice?.HistogramBucketBoundaries),
            _ => Gauge(instrument, labels, absolute: true),
        });
    }

    private Func<string[], Series> Counter(Instrument instrument, string[] labels, bool absolute)
    {
        var family = _factory.CreateCounter(instrument.Name, instrument.Description ?? "", labels);
        return values =>
        {
            var child = family.WithLabels(values);
            return new Series(absolute ? child.IncTo : value => child.Inc(value), () => child.Value);
        };
    }

    private Func<string[], Series> Gauge(Instrument instrument, string[] labels, bool absolute)
    {
        var family = _factory.CreateGauge(instrument.Name, instrument.Description ?? "", labels);
        return values =>
        {
            var child = family.WithLabels(values);
            return new Series(absolute ? child.Set : child.Inc, () => child.Value);
        };
    }

    private Func<string[], Series> Histogram(Instrument instrument, string[] labels, IEnumerable<double>? bounds)
    {
        var family = _factory.CreateHistogram(
            instrument.Name, instrument.Description ?? "", labels, new HistogramConfiguration { Buckets = bounds?.ToArray() });
        return values =>
        {
            var child = family.WithLabels(values);
            return new Series(child.Observe, () => child.Count);
        };
    }

    private static MetricFactory CreateFactory(CollectorRegistry registry)
    {
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        return factory;
    }
}
