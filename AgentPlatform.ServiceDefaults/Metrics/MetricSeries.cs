using System.Collections.Concurrent;

namespace AgentPlatform.ServiceDefaults.Metrics;

/// <summary>All series of one instrument. Recording is a dictionary look-up and an addition; a series is made at its first measurement.</summary>
internal sealed class MetricSeries
{
    private readonly string[] _labels;
    private readonly Func<string[], Series> _create;
    private readonly ConcurrentDictionary<SeriesKey, Series> _series = new();

    /// <param name="labels">The instrument's label names.</param>
    /// <param name="create">Makes the series with these label values.</param>
    internal MetricSeries(string[] labels, Func<string[], Series> create)
    {
        if (labels.Length > SeriesKey.MaxLabels)
        {
            throw new ArgumentException($"An instrument has at most {SeriesKey.MaxLabels} labels.", nameof(labels));
        }

        (_labels, _create) = (labels, create);
        if (labels.Length == 0)
        {
            // Nothing is left to learn from a measurement: the series shows at zero from the start.
            _series[default] = create([]);
        }
    }

    internal void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = _labels.Length == 0 ? default : SeriesKey.From(_labels, tags);
        if (!_series.TryGetValue(key, out var series))
        {
            series = _series.GetOrAdd(key, static (key, self) => self._create([.. self._labels.Select((_, i) => key[i])]), this);
        }

        series.Record(value);
    }

    /// <summary>The sum over the series whose labels have the wanted values; of a histogram, the number of its observations.</summary>
    internal double Sum(ReadOnlySpan<(string Label, string Value)> where)
    {
        var sum = 0.0;
        foreach (var (key, series) in _series)
        {
            sum += Matches(key, where) ? series.Read() : 0;
        }

        return sum;
    }

    private bool Matches(SeriesKey key, ReadOnlySpan<(string Label, string Value)> where)
    {
        foreach (var (label, value) in where)
        {
            var index = Array.IndexOf(_labels, label);
            if (index < 0 || key[index] != value)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>One series: how a measurement goes in, how its current value comes out.</summary>
    internal readonly record struct Series(Action<double> Record, Func<double> Read);
}
