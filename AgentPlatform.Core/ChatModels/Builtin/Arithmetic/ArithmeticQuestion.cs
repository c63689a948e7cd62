using System.Text.RegularExpressions;

namespace AgentPlatform.Core.ChatModels.Builtin.Arithmetic;

/// <summary>Finds the sum in a question, in signs or words, English or Chinese.</summary>
internal static partial class ArithmeticQuestion
{
    /// <summary>Longer texts are documents, not sums.</summary>
    private const int LongestQuestion = 4_000;

    /// <summary>The longest expression with at least one operation, or null when the question is no arithmetic.</summary>
    public static string? Read(string question, PowerSpelling spelling)
    {
        if (question.Length > LongestQuestion || !MayHoldNumber().IsMatch(question))
        {
            return null;
        }

        var tokens = Lexer.Read(question);
        string? best = null;
        var longest = 0;
        for (var start = 0; start < tokens.Count;)
        {
            var parser = new Parser(tokens, start, spelling);
            if (parser.ParseSum() is not { } expression)
            {
                start++;
                continue;
            }

            if (parser.Operations > 0 && parser.End - start > longest)
            {
                longest = parser.End - start;
                best = expression.Text;
            }

            // What begins inside this expression is only a part of it.
            start = parser.End;
        }

        // A range ("10-20 people") is a sum only when the text asks for one or is nothing else.
        var isWhole = !tokens.Exists(token => token.Kind == TokenKind.Break && char.IsLetter(token.Text[0]));
        return best is not null && (isWhole || Asks().IsMatch(question)) ? best : null;
    }

    [GeneratedRegex(@"\d|\b(zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|\w+ty|hundred|thousand|million)\b|[零一二两三四五六七八九十百千万]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MayHoldNumber();

    [GeneratedRegex(@"\b(what(\s+is|\s+are|'s|s)?|calculate|compute|evaluate|work\s+out|how\s+much|how\s+many|solve|result|equals?|add|subtract|multiply|divide|find|give\s+me|tell\s+me)\b|=|多少|计算|算|等于|求|几|结果", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Asks();
}
