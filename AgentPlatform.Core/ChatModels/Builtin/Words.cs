using System.Text.RegularExpressions;

namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>How the built-in model cuts text: a word with the blanks behind it, or one Chinese character.</summary>
internal static partial class Words
{
    public static IEnumerable<string> Split(string text)
    {
        for (var match = Piece().Match(text); match.Success; match = match.NextMatch())
        {
            yield return match.Value;
        }
    }

    /// <summary>Its tokens: words, single Chinese characters.</summary>
    public static long Count(string? text) => text is null ? 0 : Piece().Count(text);

    public static bool HasChinese(string text) => Han().IsMatch(text);

    [GeneratedRegex(@"\s*[\u4e00-\u9fff]|\s*[^\s\u4e00-\u9fff]+\s*|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Piece();

    [GeneratedRegex(@"[\u4e00-\u9fff]", RegexOptions.CultureInvariant)]
    private static partial Regex Han();
}
