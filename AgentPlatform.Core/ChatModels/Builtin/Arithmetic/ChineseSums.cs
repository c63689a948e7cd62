using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentPlatform.Core.ChatModels.Builtin.Arithmetic;

/// <summary>Chinese sums become signs and digits: 三加五乘以二 → 3+5*2, 2340的百分之17 → 17% of 2340.</summary>
internal static partial class ChineseSums
{
    private const string Digits = "零一二三四五六七八九";

    public static string ToSigns(string text)
    {
        if (!Words.HasChinese(text))
        {
            return text;
        }

        text = Numeral().Replace(text, match => Value(match.Value).ToString(CultureInfo.InvariantCulture));
        text = PercentBefore().Replace(text, "$1%");
        text = PercentOf().Replace(text, " $2% of $1 ");
        text = Root().Replace(text, match => $" sqrt({(match.Groups[1].Success ? match.Groups[1] : match.Groups[2]).Value}) ");
        text = Power().Replace(text, "^$1");
        return text
            .Replace("的平方", "^2", StringComparison.Ordinal).Replace("的立方", "^3", StringComparison.Ordinal)
            .Replace("加上", "+", StringComparison.Ordinal).Replace("加", "+", StringComparison.Ordinal)
            .Replace("减去", "-", StringComparison.Ordinal).Replace("减", "-", StringComparison.Ordinal)
            .Replace("乘以", "*", StringComparison.Ordinal).Replace("乘上", "*", StringComparison.Ordinal).Replace("乘", "*", StringComparison.Ordinal)
            .Replace("除以", "/", StringComparison.Ordinal).Replace("，", ",", StringComparison.Ordinal);
    }

    private static long Value(string numeral)
    {
        long total = 0, section = 0, digit = 0;
        foreach (var character in numeral)
        {
            switch (character)
            {
                case '万' or '亿':
                    total = (total + section + digit) * (character == '万' ? 10_000 : 100_000_000);
                    section = digit = 0;
                    break;
                case '十' or '百' or '千':
                    section += (digit == 0 ? 1 : digit) * (character switch { '十' => 10, '百' => 100, _ => 1_000 });
                    digit = 0;
                    break;
                default:
                    digit = character == '两' ? 2 : Digits.IndexOf(character, StringComparison.Ordinal);
                    break;
            }
        }

        return total + section + digit;
    }

    // 百分之 is no hundred.
    [GeneratedRegex("(?!百分)[零一二两三四五六七八九十百千万亿]{1,12}", RegexOptions.CultureInvariant)]
    private static partial Regex Numeral();

    [GeneratedRegex(@"百分之\s*(\d+(?:\.\d+)?)", RegexOptions.CultureInvariant)]
    private static partial Regex PercentBefore();

    [GeneratedRegex(@"(\d+(?:\.\d+)?)\s*的\s*(\d+(?:\.\d+)?)\s*%", RegexOptions.CultureInvariant)]
    private static partial Regex PercentOf();

    [GeneratedRegex(@"(\d+(?:\.\d+)?)\s*的(?:算术)?平方根|根号\s*(\d+(?:\.\d+)?)", RegexOptions.CultureInvariant)]
    private static partial Regex Root();

    [GeneratedRegex(@"的\s*(\d+)\s*次(?:方|幂)", RegexOptions.CultureInvariant)]
    private static partial Regex Power();
}
