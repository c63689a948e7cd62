using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentPlatform.Core.ChatModels.Builtin.Arithmetic;

/// <summary>English number words become digits: "two hundred and five" → 205.</summary>
internal static partial class NumberWords
{
    private static readonly Dictionary<string, long> Values = new(StringComparer.Ordinal)
    {
        ["zero"] = 0, ["one"] = 1, ["two"] = 2, ["three"] = 3, ["four"] = 4, ["five"] = 5, ["six"] = 6, ["seven"] = 7, ["eight"] = 8, ["nine"] = 9,
        ["ten"] = 10, ["eleven"] = 11, ["twelve"] = 12, ["thirteen"] = 13, ["fourteen"] = 14, ["fifteen"] = 15, ["sixteen"] = 16,
        ["seventeen"] = 17, ["eighteen"] = 18, ["nineteen"] = 19, ["twenty"] = 20, ["thirty"] = 30, ["forty"] = 40, ["fifty"] = 50,
        ["sixty"] = 60, ["seventy"] = 70, ["eighty"] = 80, ["ninety"] = 90, ["hundred"] = 100, ["thousand"] = 1_000, ["million"] = 1_000_000,
    };

    public static string ToDigits(string text) => Run().Replace(text, match => Value(match.Value).ToString(CultureInfo.InvariantCulture));

    private static long Value(string words)
    {
        long total = 0, part = 0;
        foreach (Match word in Word().Matches(words))
        {
            if (!Values.TryGetValue(word.Value, out var value))
            {
                continue;
            }

            switch (value)
            {
                case 100:
                    part = Math.Max(part, 1) * 100;
                    break;
                case >= 1_000:
                    total += Math.Max(part, 1) * value;
                    part = 0;
                    break;
                default:
                    part += value;
                    break;
            }
        }

        return total + part;
    }

    private const string One = "(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million)";

    [GeneratedRegex($@"\b{One}(?:[\s-]+{One}|(?<=hundred|thousand|million)\s+and\s+{One})*\b", RegexOptions.CultureInvariant)]
    private static partial Regex Run();

    [GeneratedRegex("[a-z]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
