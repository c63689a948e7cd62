using System.Text;

namespace AgentPlatform.Executor.Runs;

/// <summary>Text as the journal can hold it: jsonb refuses U+0000, and UTF-8 has no lone surrogates.</summary>
internal static class JournalText
{
    private const int LongestName = 200;

    public static string Clean(string text)
    {
        foreach (var character in text)
        {
            if (character == '\0' || char.IsSurrogate(character))
            {
                return Rebuild(text);
            }
        }

        return text;
    }

    /// <summary>What a server calls something: one line, and no longer than such names are.</summary>
    public static string Name(string name)
    {
        var clean = name.Any(char.IsControl) ? string.Concat(name.Where(character => !char.IsControl(character))) : name;
        return Clean(clean.Length <= LongestName ? clean : clean[..LongestName]);
    }

    private static string Rebuild(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        }

        return clean.ToString();
    }
}
