using System.Text;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>
/// The form of a question that its key is made of. By default it merges only spellings that no agent answers differently:
/// canonically equal Unicode (NFC), full-width forms of ASCII, white space around the text and the amount of it within one
/// line. Not NFKC, which makes 2³ into 23; not the white space of several lines, which may be code; not the case. An agent may choose
/// otherwise.
/// </summary>
internal static class QuestionText
{
    private const char FirstFullWidth = '\uFF01';
    private const char LastFullWidth = '\uFF5E';
    private const int FullWidthOffset = FirstFullWidth - '!';

    public static string Normalise(string question, QuestionForm form)
    {
        var text = Ascii.IsValid(question) ? question : Compose(question, form.Unicode);
        if (form.WhiteSpace == QuestionWhiteSpace.Collapse)
        {
            text = text.Trim();
            text = text.AsSpan().IndexOfAny('\r', '\n') < 0 ? CollapseWhiteSpace(text) : text.ReplaceLineEndings("\n");
        }

        // To upper case, which merges more than lower case does: both forms of a sigma at the end of a word.
        return form.Case == QuestionCase.Ignore ? text.ToUpperInvariant() : text;
    }

    private static string Compose(string text, QuestionUnicode unicode)
    {
        // Normalize throws for half a surrogate pair.
        if (unicode == QuestionUnicode.Nfkc)
        {
            return IsWellFormed(text) ? text.Normalize(NormalizationForm.FormKC) : text;
        }

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

    /// <summary>Most questions are collapsed already, and stay the text they are.</summary>
    private static string CollapseWhiteSpace(string text) => IsCollapsed(text)
        ? text
        : string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static bool IsCollapsed(ReadOnlySpan<char> text)
    {
        var afterSpace = false;
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c))
            {
                afterSpace = false;
            }
            else if (c != ' ' || afterSpace)
            {
                return false;
            }
            else
            {
                afterSpace = true;
            }
        }

        return true;
    }
}
