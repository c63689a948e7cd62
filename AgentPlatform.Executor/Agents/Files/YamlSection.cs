using System.Globalization;

namespace AgentPlatform.Executor.Agents.Files;

/// <summary>
/// One mapping of a file, read key by key into typed values. A wrong value adds an error at its place and counts as
/// absent, so that one pass finds everything; <see cref="End"/> reports the keys nobody asked for.
/// </summary>
internal sealed partial class YamlSection(string file, string path, YamlObject source, List<AgentFileError> errors)
{
    private readonly List<string> _known = [];

    public string? Text(string key, bool required, int maxLength)
    {
        if (Scalar(key) is not { } node)
        {
            if (required && Find(key) is null)
            {
                Add(source, key, $"this key is missing: add '{key}: …'");
            }

            return null;
        }

        return node.Value.Trim() switch
        {
            "" => Fail<string>(node, key, required ? "it must not be empty" : "it must not be empty: leave the key out instead"),
            { Length: var length } when length > maxLength => Fail<string>(node, key, $"it has {length} characters, at most {maxLength} are allowed"),
            var text => text,
        };
    }

    public double? Number(string key, double least, double most) =>
        Parse<double>(key, "a number", least, most, (string text, out double value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value));

    public decimal? Money(string key, decimal least, decimal most) =>
        Parse<decimal>(key, "a number of US dollars", least, most, (string text, out decimal value) =>
            decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value));

    public long? Integer(string key, long least, long most) =>
        Parse<long>(key, "an integer", least, most, (string text, out long value) =>
            long.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value));

    public bool? Boolean(string key) => Scalar(key) switch
    {
        null => null,
        { Plain: true, Value: "true" } => true,
        { Plain: true, Value: "false" } => false,
        var node => Fail<bool?>(node, key, $"'{node.Value}' is neither true nor false"),
    };

    /// <summary>Seconds, from <c>90</c>, <c>15s</c>, <c>30m</c>, <c>1h</c>, <c>1d</c>.</summary>
    public double? Duration(string key, double least, double most)
    {
        if (Scalar(key) is not { } node)
        {
            return null;
        }

        if (Durations.Parse(node.Value) is not { } seconds)
        {
            return Fail<double?>(node, key, $"'{node.Value}' is not a duration: write seconds, or a number with s, m, h or d, such as 30m");
        }

        return seconds >= least && seconds <= most
            ? seconds
            : Fail<double?>(node, key, $"it must be from {Durations.Write(least)} to {Durations.Write(most)}, not {node.Value}");
    }

    /// <summary>One word out of those given.</summary>
    public string? Word(string key, IReadOnlyCollection<string> words) =>
        Scalar(key) is not { } node ? null
        : words.Contains(node.Value) ? node.Value
        : Fail<string>(node, key, $"'{node.Value}' is not known: {Suggest(node.Value, words)}");

    /// <summary>Distinct words out of those given.</summary>
    /// <param name="also">Accepts words beyond those.</param>
    public IReadOnlyList<string>? Words(string key, string what, IReadOnlyCollection<string> words, Func<string, bool>? also = null)
    {
        if (Find(key) is not { } found || IsNull(found))
        {
            return null;
        }

        if (found is not YamlList list)
        {
            return Fail<IReadOnlyList<string>>(found, key, "a list is expected, such as [a, b]");
        }

        var result = new List<string>();
        foreach (var (item, index) in list.Items.Select((item, index) => (item, index)))
        {
            var name = $"{key}[{index}]";
            if (item is not YamlText { IsNull: false } text)
            {
                Add(item, name, "a name is expected here");
            }
            else if (!words.Contains(text.Value) && also?.Invoke(text.Value) is not true)
            {
                Add(item, name, $"there is no {what} '{text.Value}': {Suggest(text.Value, words)}");
            }
            else if (result.Contains(text.Value))
            {
                Add(item, name, $"'{text.Value}' is listed twice: remove one");
            }
            else
            {
                result.Add(text.Value);
            }
        }

        return result;
    }

    /// <summary>Texts of any kind, in their order; null when the key is absent.</summary>
    public IReadOnlyList<string>? Texts(string key, int maxCount)
    {
        if (Find(key) is not { } found || IsNull(found))
        {
            return null;
        }

        if (found is not YamlList list || list.Items.Any(item => item is not YamlText { IsNull: false }))
        {
            return Fail<IReadOnlyList<string>>(found, key, "a list of texts is expected, such as [a, b]");
        }

        return list.Items.Count <= maxCount
            ? [.. list.Items.Cast<YamlText>().Select(item => item.Value)]
            : Fail<IReadOnlyList<string>>(found, key, $"it has {list.Items.Count} items, at most {maxCount} are allowed");
    }

    /// <summary>Keys of this mapping, each of which the file is free to choose.</summary>
    public IReadOnlyList<YamlText> Names()
    {
        _known.AddRange(source.Members.Select(member => member.Key.Value));
        return [.. source.Members.Select(member => member.Key)];
    }

    /// <summary>Texts by keys that the file is free to choose.</summary>
    public IReadOnlyDictionary<string, string> Map(string key, int maxLength)
    {
        var section = Section(key);
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in section.Names())
        {
            if (section.Text(name.Value, required: true, maxLength) is { } value)
            {
                map[name.Value] = value;
            }
        }

        return map;
    }

    /// <summary>A mapping below this one; an empty one when the key is absent.</summary>
    public YamlSection Section(string key)
    {
        var found = Find(key);
        if (found is not null and not YamlObject && !IsNull(found))
        {
            Add(found, key, "keys and values are expected here, indented below it");
        }

        return new YamlSection(file, PathOf(key), found as YamlObject ?? new YamlObject([], source.Line, source.Column), errors);
    }

    /// <summary>The raw node; null when absent.</summary>
    public YamlValue? Find(string key)
    {
        if (!_known.Contains(key))
        {
            _known.Add(key);
        }

        return source.Members.FirstOrDefault(member => member.Key.Value == key)?.Value;
    }

    public void Add(YamlValue at, string key, string message) =>
        errors.Add(new AgentFileError(file, at.Line, at.Column, PathOf(key), message));

    /// <summary>Call last: what was not read by then is an unknown key.</summary>
    public void End()
    {
        foreach (var member in source.Members.Where(member => !_known.Contains(member.Key.Value)))
        {
            Add(member.Key, member.Key.Value, $"this key is not known: {Suggest(member.Key.Value, _known)}");
        }
    }

    private delegate bool TryParse<T>(string text, out T value);

    private T? Parse<T>(string key, string what, T least, T most, TryParse<T> parse)
        where T : struct, IComparable<T>
    {
        if (Scalar(key) is not { } node)
        {
            return null;
        }

        if (!node.Plain || !parse(node.Value, out var value))
        {
            return Fail<T?>(node, key, $"'{node.Value}' is not {what}");
        }

        return value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0
            ? value
            : Fail<T?>(node, key, FormattableString.Invariant($"it must be from {least} to {most}, not {node.Value}"));
    }

    private YamlText? Scalar(string key) => Find(key) switch
    {
        null => null,
        YamlText { IsNull: true } => null,
        YamlText text => text,
        var other => Fail<YamlText>(other, key, "a single value is expected here"),
    };

    private T? Fail<T>(YamlValue at, string key, string message)
    {
        Add(at, key, message);
        return default;
    }

    private string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static bool IsNull(YamlValue value) => value is YamlText { IsNull: true };

    private static string Suggest(string word, IReadOnlyCollection<string> known) => NearestName.Of(word, known) is { } near
        ? $"did you mean '{near}'?"
        : known.Count == 0 ? "there is none" : $"known are {string.Join(", ", known)}";
}
