namespace AgentPlatform.Executor.Agents.Files;

/// <summary>Lists and mappings whose words are the file's own.</summary>
internal sealed partial class YamlSection
{
    /// <summary>The mappings of a list, each a section; none when the key is absent.</summary>
    public IReadOnlyList<YamlSection> Sections(string key)
    {
        if (ListOf(key, "a list of keys and values is expected, each beginning with '-'") is not { } list)
        {
            return [];
        }

        var sections = new List<YamlSection>();
        foreach (var (item, index) in list.Items.Select((item, index) => (item, index)))
        {
            if (item is YamlObject found)
            {
                sections.Add(new YamlSection(file, $"{PathOf(key)}[{index}]", found, errors));
            }
            else
            {
                Add(item, $"{key}[{index}]", "keys and values are expected here");
            }
        }

        return sections;
    }

    /// <summary>Distinct texts, with their places; none when the key is absent.</summary>
    public IReadOnlyList<YamlText> Texts(string key)
    {
        var texts = new List<YamlText>();
        foreach (var (item, index) in (ListOf(key, "a list is expected, such as [a, b]")?.Items ?? []).Select((item, index) => (item, index)))
        {
            if (item is not YamlText { IsNull: false, Value.Length: > 0 } text)
            {
                Add(item, $"{key}[{index}]", "a name is expected here");
            }
            else if (texts.Exists(earlier => earlier.Value == text.Value))
            {
                Add(item, $"{key}[{index}]", $"'{text.Value}' is listed twice: remove one");
            }
            else
            {
                texts.Add(text);
            }
        }

        return texts;
    }

    /// <summary>A mapping of names to single values; empty when the key is absent.</summary>
    public IReadOnlyDictionary<string, YamlText> Pairs(string key)
    {
        var found = Find(key);
        if (found is not null and not YamlObject && !IsNull(found))
        {
            Add(found, key, "names with a value each are expected here");
        }

        var pairs = new Dictionary<string, YamlText>(StringComparer.Ordinal);
        foreach (var member in (found as YamlObject)?.Members ?? [])
        {
            if (member.Value is YamlText { IsNull: false, Value.Length: > 0 } text)
            {
                pairs[member.Key.Value] = text;
            }
            else
            {
                Add(member.Value, $"{key}.{member.Key.Value}", "a single value is expected here");
            }
        }

        return pairs;
    }

    /// <summary>Where a name stands in this mapping, as a value in a list or as a key; the mapping itself when it stands nowhere.</summary>
    public YamlValue Place(string? name) =>
        source.Members.SelectMany(member => member.Value switch
        {
            YamlList list => list.Items.OfType<YamlText>(),
            YamlObject inner => inner.Members.Select(pair => pair.Key),
            _ => [],
        }).FirstOrDefault(text => text.Value == name) ?? (YamlValue)source;

    private YamlList? ListOf(string key, string expected) => Find(key) switch
    {
        null => null,
        YamlList list => list,
        var other when IsNull(other) => null,
        var other => Fail<YamlList>(other, key, expected),
    };
}
