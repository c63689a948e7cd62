using System.Text;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>
/// The form of a question that its key is made of. It merges only spellings that no agent answers differently:
/// canonically equal Unicode (NFC), full-width forms of ASCII, white space around the text and the amount of it within one
/// line. Not NFKC, which makes 2³ into 23; not the white space of several lines, which may be code; not the case.
/// </summary>
internal static class QuestionText
{
    private const char FirstFullWidth = '\uFF01';
    private const char LastFullWidth = '\uFF5E';
    private const int FullWidthOffset = FirstFullWidth - '!';

    public static string Normalise(string question)
    {
        var text = Ascii.IsValid(question) ? question : NarrowAndCompose(question);
        text = text.Trim();
        return text.AsSpan().IndexOfAny('\r', '\n') < 0
            ? CollapseWhiteSpace(text)
            : text.ReplaceLineEndings("\n");
    }

    private static string NarrowAndCompose(string text)
    {
        var narrow = string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                var c = source[i];
                span[i] = c is >= FirstFullWidth and <= LastFullWidth ? (char)(c - FullWidthOffset) : c;
            }
        });
        return IsWellFormed(narrow) ? narrow.Normalize(NormalizationForm.FormC) : narrow;
    }

    // Normalize throws for half a surrogate pair.
    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var consumed) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            text = text[consumed..];
        }

        return true;
    }

    private static string CollapseWhiteSpace(string text)
    {
        var result = new StringBuilder(text.Length);
        var gap = false;
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c))
            {
                gap = true;
                continue;
            }

            if (gap)
            {
                result.Append(' ');
                gap = false;
            }

            result.Append(c);
        }

        return result.ToString();
    }
}
