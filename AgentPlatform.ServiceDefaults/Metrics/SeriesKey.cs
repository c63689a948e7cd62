namespace AgentPlatform.ServiceDefaults.Metrics;

/// <summary>The label values of one series, in the order of the instrument's labels; unused places are empty. A value type, so that a look-up allocates nothing.</summary>
internal readonly record struct SeriesKey(string First, string Second, string Third)
{
    internal const int MaxLabels = 3;

    internal string this[int index] => index switch { 0 => First, 1 => Second, _ => Third };

    internal static SeriesKey From(string[] labels, ReadOnlySpan<KeyValuePair<string, object?>> tags) => new(
        ValueOf(labels, 0, tags), ValueOf(labels, 1, tags), ValueOf(labels, 2, tags));

    private static string ValueOf(string[] labels, int index, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (index < labels.Length)
        {
            foreach (var tag in tags)
            {
                if (tag.Key == labels[index])
                {
                    return tag.Value as string ?? tag.Value?.ToString() ?? "";
                }
            }
        }

        return "";
    }
}
