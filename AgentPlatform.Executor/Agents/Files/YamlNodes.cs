namespace AgentPlatform.Executor.Agents.Files;

/// <summary>A node of a file, with its place. Line and column count from 1.</summary>
internal abstract record YamlValue(long Line, long Column);

/// <param name="Plain">Written without quotes, so that <c>5</c>, <c>true</c> and <c>null</c> mean what they look like.</param>
internal sealed record YamlText(string Value, bool Plain, long Line, long Column) : YamlValue(Line, Column)
{
    public bool IsNull => Plain && Value is "" or "~" or "null" or "Null" or "NULL";
}

internal sealed record YamlList(IReadOnlyList<YamlValue> Items, long Line, long Column) : YamlValue(Line, Column);

/// <summary>Members in the order of the file; a key that comes twice is an error and its second value is left out.</summary>
internal sealed record YamlObject(IReadOnlyList<YamlMember> Members, long Line, long Column) : YamlValue(Line, Column);

internal sealed record YamlMember(YamlText Key, YamlValue Value);
