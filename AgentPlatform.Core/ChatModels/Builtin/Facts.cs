using System.Text.RegularExpressions;

namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>Facts that the user states about themselves and asks for later, in English and Chinese.</summary>
internal static partial class Facts
{
    private const string Name = "name";
    private const string ChineseName = "名字";

    /// <summary>The fact that a text asks for ("name", "favourite colour"), or null.</summary>
    public static string? Asked(string text)
    {
        if (AskedName().IsMatch(text))
        {
            return Name;
        }

        if (ChineseAskedName().IsMatch(text))
        {
            return ChineseName;
        }

        var english = AskedEnglish().Match(text);
        if (english.Success)
        {
            return Key(english.Groups["key"].Value);
        }

        var chinese = AskedChinese().Match(text);
        return chinese.Success ? Key(chinese.Groups["key"].Value) : null;
    }

    /// <summary>The facts that a text states, in its order.</summary>
    public static IEnumerable<(string Key, string Value)> Stated(string text)
    {
        foreach (Match match in StatedEnglish().Matches(text))
        {
            yield return (match.Groups["key"].Success ? Key(match.Groups["key"].Value) : Name, match.Groups["value"].Value.Trim());
        }

        foreach (Match match in StatedChinese().Matches(text))
        {
            yield return (match.Groups["key"].Success ? Key(match.Groups["key"].Value) : ChineseName, match.Groups["value"].Value.Trim());
        }
    }

    /// <summary>The newest value of a fact in what the user said, or null. A name is a name in both languages.</summary>
    public static string? Recall(IReadOnlyList<string> userTexts, string key) =>
        userTexts.SelectMany(Stated).Where(fact => fact.Key == key || (IsName(fact.Key) && IsName(key))).Select(fact => fact.Value).LastOrDefault();

    private static bool IsName(string key) => key is Name or ChineseName;

    private static string Key(string words) =>
        words.Trim().ToLowerInvariant().Replace("color", "colour", StringComparison.Ordinal).Replace("favorite", "favourite", StringComparison.Ordinal);

    [GeneratedRegex(@"\bwho\s+am\s+i\b|\bwhat\s+(am\s+i\s+called|do\s+you\s+call\s+me)\b|\bdo\s+you\s+know\s+who\s+i\s+am\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AskedName();

    [GeneratedRegex(@"我叫(什么|啥)|我是谁|我的(名字|姓名)(是|叫)?(什么|啥)|(知道|记得)我(的名字|叫)")]
    private static partial Regex ChineseAskedName();

    [GeneratedRegex(@"\b(?:what(?:'s|\s+is|\s+was|\s+are)|(?:remember|know|recall|tell\s+me|say))\s+my\s+(?<key>[a-z][a-z ]{0,40}?)\s*(?:is\s*)?(?:[?.!,]|again|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AskedEnglish();

    [GeneratedRegex(@"我(?:的)?(?<key>[\u4e00-\u9fff]{1,12}?)(?:是|在|叫)(?:什么|哪|谁|多少|几)")]
    private static partial Regex AskedChinese();

    [GeneratedRegex(@"(?:\bmy\s+(?<key>[a-z][a-z ]{0,40}?)\s+(?:is|are)\s+(?!what\b|not\b)|\b(?:i\s+am|i'm)\s+called\s+|\b(?:please\s+)?call\s+me\s+)(?<value>[^.!?,;\n，。！？；]+?)(?=\s+and\s+(?:my|i)\b|[.!?,;\n，。！？；]|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex StatedEnglish();

    [GeneratedRegex(@"(?:我叫|我的名字(?:是|叫)|我的(?<key>[\u4e00-\u9fff]{1,12}?)是)(?!什么|啥|谁|哪|多少|几)(?<value>[^.!?,;\n，。！？；、]{1,60})")]
    private static partial Regex StatedChinese();
}
