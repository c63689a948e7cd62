using System.Text;

namespace AgentPlatform.Executor.Documents.Terms;

/// <summary>Tells text that is written without blanks between its words from other text.</summary>
internal static class Scripts
{
    /// <summary>Han, Hiragana and Katakana, Hangul: no blanks, or endings grown onto the words.</summary>
    public static bool IsPaired(Rune rune) => rune.Value is
        (>= 0x3005 and <= 0x3007) or (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
        or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x323AF)
        && Rune.IsLetterOrDigit(rune);

    /// <summary>The text begins so.</summary>
    public static bool IsPaired(string text) => text.Length > 0 && IsPaired(text.EnumerateRunes().First());

    /// <summary>A fifth of its characters are: the rest may be names, numbers and code.</summary>
    public static bool IsMostlyPaired(string text) => text.EnumerateRunes().Count(IsPaired) * 5 >= text.Length;
}
