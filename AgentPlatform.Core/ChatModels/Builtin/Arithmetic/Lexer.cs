using System.Text;
using System.Text.RegularExpressions;

namespace AgentPlatform.Core.ChatModels.Builtin.Arithmetic;

/// <summary>Cuts a question into numbers, operations (signs or words) and breaks.</summary>
internal static partial class Lexer
{
    public static List<Token> Read(string question)
    {
        var text = NumberWords.ToDigits(ChineseSums.ToSigns(Superscripts(question).Normalize(NormalizationForm.FormKC).ToLowerInvariant()));
        var tokens = new List<Token>();
        foreach (Match match in Part().Matches(text))
        {
            Add(tokens, match);
        }

        return tokens;
    }

    private static void Add(List<Token> tokens, Match match)
    {
        switch (match.Groups.Values.Skip(1).First(group => group.Success).Name)
        {
            case "number":
                tokens.Add(new Token(TokenKind.Number, match.Value.Replace(",", "", StringComparison.Ordinal)));
                break;
            case "postfix":
                tokens.Add(new Token(TokenKind.Operator, "^"));
                tokens.Add(new Token(TokenKind.Number, match.Value is "squared" ? "2" : "3"));
                break;
            case "half":
                tokens.Add(new Token(TokenKind.Number, "0.5"));
                tokens.Add(new Token(TokenKind.Operator, "*"));
                break;
            case "power":
                tokens.Add(new Token(TokenKind.Operator, "^"));
                break;
            case "plus":
                tokens.Add(new Token(TokenKind.Operator, "+"));
                break;
            case "minus":
                tokens.Add(new Token(TokenKind.Operator, "-"));
                break;
            case "times":
                tokens.Add(new Token(TokenKind.Operator, "*"));
                break;
            case "over":
                tokens.Add(new Token(TokenKind.Operator, "/"));
                break;
            case "prefix":
                tokens.Add(new Token(TokenKind.Prefix, PrefixOperator(match.Value)));
                break;
            case "ignored":
                break;
            case var name:
                tokens.Add(new Token(Enum.Parse<TokenKind>(name, ignoreCase: true), match.Value));
                break;
        }
    }

    /// <summary>Normalisation would make 5² a 52.</summary>
    private static string Superscripts(string text) =>
        text.Replace("²", " squared", StringComparison.Ordinal).Replace("³", " cubed", StringComparison.Ordinal);

    private static string PrefixOperator(string words) =>
        words.Contains("sum", StringComparison.Ordinal) || words.Contains("add", StringComparison.Ordinal) ? "+"
        : words.Contains("product", StringComparison.Ordinal) || words.Contains("multiply", StringComparison.Ordinal) ? "*"
        : words.Contains("subtract", StringComparison.Ordinal) ? "r-"
        : words.Contains("difference", StringComparison.Ordinal) ? "-"
        : "/";

    // Dates, times of day and names like x86 come first so that their parts are not taken for sums.
    [GeneratedRegex("""
        (?<break>\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}:\d{2}|https?://\S+|[a-z]+\d[\w]*)
        |(?<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)
        |(?<postfix>\bsquared\b|\bcubed\b)
        |(?<power>\*\*|\^|(?:raised\s+)?to\s+the\s+power\s+(?:of\s+)?|\braised\s+to\b)
        |(?<times>[*×·∙]|\bmultiplied\s+by\b|\btimes\b|(?<=[\d)]\s*)x(?=\s*[\d(]))
        |(?<over>[/÷]|\bdivided\s+by\b|\bover\b)
        |(?<plus>\+|\bplus\b|\badded\s+to\b)
        |(?<minus>[-−–]|\bminus\b)
        |(?<percent>%|\bper\s?cent\b)
        |(?<root>√|\b(?:the\s+)?(?:square\s+root|sqrt)(?:\s+of\b)?)
        |(?<half>\bhalf\s+of\b)
        |(?<prefix>\b(?:sum|product|quotient|difference)\s+(?:of|between)\b|\b(?:add|multiply|divide|subtract)\b)
        |(?<of>\bof\b)
        |(?<off>\boff\b)
        |(?<joiner>\b(?:and|by|from|to|with)\b)
        |(?<open>\()
        |(?<close>\))
        |(?<ignored>\s+|[$€£¥]|\bthe\b)
        |(?<comma>,)
        |(?<break>[\p{L}_][\p{L}\p{Mn}_']*|.)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Part();
}
