using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentPlatform.Core.ChatModels.Builtin.Arithmetic;

/// <summary>English number words become digits: "two hundred and five" → 205.</summary>
internal static partial class NumberWords
{
    private const string UpToNineteen = "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen";
    private const string Tens = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety";
    private const string One = $"(?:{UpToNineteen}|{Tens}|hundred|thousand|million)";

    private static readonly Dictionary<string, long> Values = AllValues();

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

    private static Dictionary<string, long> AllValues()
    {
        var values = UpToNineteen.Split('|').Select((word, index) => (word, value: (long)index))
            .Concat(Tens.Split('|').Select((word, index) => (word, value: 20L + (10 * index))))
            .ToDictionary(pair => pair.word, pair => pair.value, StringComparer.Ordinal);
        values["hundred"] = 100;
        values["thousand"] = 1_000;
        values["million"] = 1_000_000;
        return values;
    }

    [GeneratedRegex($@"\b{One}(?:[\s-]+{One}|(?<=hundred|thousand|million)\s+and\s+{One})*\b", RegexOptions.CultureInvariant)]
    private static partial Regex Run();

    [GeneratedRegex("[a-z]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
