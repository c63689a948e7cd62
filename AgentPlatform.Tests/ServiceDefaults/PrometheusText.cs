using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentPlatform.Tests.ServiceDefaults;

/// <summary>
/// A strict reader of the Prometheus text format 0.0.4: what it accepts, any scraper accepts. Families are contiguous and typed before
/// their samples, no series comes twice, histograms are cumulative and complete, counters are not negative.
/// </summary>
internal sealed partial class PrometheusText
{
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, string> Types => _types;

    /// <summary>Series, in canonical writing (<c>name{a="x",b="y"}</c>, labels sorted), with their values.</summary>
    internal IReadOnlyDictionary<string, double> Samples => _samples;

    internal double this[string series] => _samples.TryGetValue(series, out var value)
        ? value
        : throw new KeyNotFoundException($"No series {series} among: {string.Join(", ", _samples.Keys)}");

    internal static PrometheusText Parse(string text)
    {
        var result = new PrometheusText();
        if (text.Length > 0 && text[^1] != '\n')
        {
            throw new FormatException("The last line does not end with a newline.");
        }

        var family = "";
        foreach (var line in text.Split('\n').SkipLast(1))
        {
            family = result.ReadLine(line, family);
        }

        result.CheckHistograms();
        return result;
    }

    private string ReadLine(string line, string family)
    {
        if (CommentLine().Match(line) is { Success: true } comment)
        {
            var name = comment.Groups["name"].Value;
            if (name != family && _types.ContainsKey(name))
            {
                throw new FormatException($"The family {name} is not contiguous.");
            }

            if (comment.Groups["kind"].Value == "TYPE")
            {
                var type = comment.Groups["rest"].Value;
                if (type is not ("counter" or "gauge" or "histogram" or "summary" or "untyped") || !_types.TryAdd(name, type))
                {
                    throw new FormatException($"Bad or second type of {name}: {line}");
                }
            }

            return name;
        }

        var sample = SampleLine().Match(line);
        if (!sample.Success)
        {
            throw new FormatException($"Not a line of the format: {line}");
        }

        ReadSample(sample, family);
        return family;
    }

    private void ReadSample(Match sample, string family)
    {
        var name = sample.Groups["name"].Value;
        var type = _types.GetValueOrDefault(family) ?? throw new FormatException($"{name} comes before its type.");
        var belongs = type == "histogram" ? name == family + "_bucket" || name == family + "_sum" || name == family + "_count" : name == family;
        if (!belongs)
        {
            throw new FormatException($"{name} is not a sample of the {type} {family}.");
        }

        var labels = sample.Groups["label"].Captures.Zip(sample.Groups["labelvalue"].Captures, (label, value) => (label.Value, value.Value))
            .OrderBy(label => label.Item1, StringComparer.Ordinal).ToArray();
        if (labels.DistinctBy(label => label.Item1).Count() != labels.Length)
        {
            throw new FormatException($"A label comes twice in {name}.");
        }

        var value = ReadValue(sample.Groups["value"].Value);
        if (type == "counter" && !(value >= 0))
        {
            throw new FormatException($"The counter {name} is {value}.");
        }

        if (!_samples.TryAdd(Series(name, labels), value))
        {
            throw new FormatException($"{Series(name, labels)} comes twice.");
        }
    }

    private void CheckHistograms()
    {
        var buckets = _samples.Keys.Where(key => _types.Any(type => type.Value == "histogram" && key.StartsWith(type.Key + "_bucket{", StringComparison.Ordinal)));
        foreach (var histogram in buckets.GroupBy(key => BucketBound().Replace(key, "")))
        {
            var ordered = histogram.Select(key => (Bound: ReadValue(BucketBound().Match(key).Groups["bound"].Value), Count: _samples[key])).OrderBy(bucket => bucket.Bound).ToArray();
            var count = _samples[histogram.Key.Replace("_bucket", "_count", StringComparison.Ordinal).Replace("{}", "", StringComparison.Ordinal)];
            if (ordered.Zip(ordered.Skip(1)).Any(pair => pair.First.Count > pair.Second.Count) || !double.IsPositiveInfinity(ordered[^1].Bound) || ordered[^1].Count != count)
            {
                throw new FormatException($"The histogram {histogram.Key} is not cumulative or lacks +Inf.");
            }
        }
    }

    private static string Series(string name, (string Label, string Value)[] labels) => labels.Length == 0
        ? name
        : new StringBuilder(name).Append('{').AppendJoin(',', labels.Select(label => $"{label.Label}=\"{label.Value}\"")).Append('}').ToString();

    private static double ReadValue(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("""^# (?<kind>HELP|TYPE) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>.*)$""")]
    private static partial Regex CommentLine();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<labelvalue>([^"\\]|\\\\|\\"|\\n)*)"(,(?!\})|(?=\})))*\})? (?<value>[-+]?(\d+(\.\d+)?([eE][-+]?\d+)?|Inf)|NaN)( \d+)?$""")]
    private static partial Regex SampleLine();

    [GeneratedRegex(""",?le="(?<bound>[^"]*)"(?=[,}])""")]
    private static partial Regex BucketBound();
}
