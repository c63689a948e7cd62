using System.Globalization;
using System.Text;
using AgentPlatform.Executor.Tools;

namespace AgentPlatform.Executor.Documents.Terms;

/// <summary>
/// Cuts text into terms, the same way for what is indexed and for what is asked:
/// 1. compatible characters become one (NFKC), control characters go;
/// 2. a run of Chinese, Japanese or Korean characters becomes its overlapping pairs, a single one itself;
/// 3. any other word becomes its stem in lower case, and a name made of several (<c>Fallback:Deadline</c>, <c>max_cost_usd</c>,
/// <c>MaxQueued</c>) its words and itself.
/// </summary>
internal static class TermReader
{
    /// <summary>Of a term; what is longer is no word anybody asks for.</summary>
    private const int LongestTerm = 64;

    private const string Connectors = "_:./-";

    public static List<Term> Read(string text)
    {
        var source = ToolText.Clean(text).Normalize(NormalizationForm.FormKC);
        var terms = new List<Term>(source.Length / 5);
        var position = 0;
        for (var i = 0; i < source.Length;)
        {
            var rune = Rune.GetRuneAt(source, i);
            if (Scripts.IsPaired(rune))
            {
                i = ReadPairs(source, i, terms, ref position);
            }
            else if (IsWord(rune))
            {
                i = ReadName(source, i, terms, ref position);
            }
            else
            {
                i += rune.Utf16SequenceLength;
            }
        }

        return terms;
    }

    private static bool IsWord(Rune rune) =>
        (Rune.IsLetterOrDigit(rune) && !Scripts.IsPaired(rune)) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static int ReadPairs(string source, int start, List<Term> terms, ref int position)
    {
        var (end, before) = (start, start);
        for (var count = 0; end < source.Length; count++)
        {
            var rune = Rune.GetRuneAt(source, end);
            if (!Scripts.IsPaired(rune))
            {
                break;
            }

            if (count > 0)
            {
                terms.Add(new Term(source[before..(end + rune.Utf16SequenceLength)], position++));
            }

            before = end;
            end += rune.Utf16SequenceLength;
        }

        if (before == start)
        {
            terms.Add(new Term(source[start..end], position++));
        }

        return end;
    }

    private static int ReadName(string source, int start, List<Term> terms, ref int position)
    {
        var (end, wordStart, words, first) = (start, start, 0, position);
        while (end < source.Length)
        {
            var rune = Rune.GetRuneAt(source, end);
            if (IsWord(rune))
            {
                if (end > wordStart && IsHump(source, end))
                {
                    words += AddWord(source, wordStart, end, terms, ref position);
                    wordStart = end;
                }

                end += rune.Utf16SequenceLength;
                continue;
            }

            var connected = Connected(source, end);
            if (connected == end)
            {
                break;
            }

            words += AddWord(source, wordStart, end, terms, ref position);
            end = wordStart = connected;
        }

        words += AddWord(source, wordStart, end, terms, ref position);
        if (words > 1 && end - start <= LongestTerm)
        {
            terms.Add(new Term(Whole(source[start..end]), first));
        }

        return end;
    }

    /// <summary>Where a name goes on behind the connector at <paramref name="at"/>; <paramref name="at"/> itself when it ends there.</summary>
    private static int Connected(string source, int at)
    {
        var next = at;
        while (next < source.Length && next - at < 2 && Connectors.Contains(source[next], StringComparison.Ordinal))
        {
            next++;
        }

        return next < source.Length && Rune.TryGetRuneAt(source, next, out var rune) && IsWord(rune) ? next : at;
    }

    /// <summary>A capital that begins a word: <c>max|Queued</c>, <c>HTTP|Server</c>.</summary>
    private static bool IsHump(string source, int at) =>
        char.IsUpper(source[at]) && (char.IsLower(source[at - 1]) || (char.IsUpper(source[at - 1]) && at + 1 < source.Length && char.IsLower(source[at + 1])));

    private static int AddWord(string source, int start, int end, List<Term> terms, ref int position)
    {
        if (end > start && end - start <= LongestTerm)
        {
            terms.Add(new Term(Stem.Of(source[start..end].ToLowerInvariant()), position));
        }

        position++;
        return 1;
    }

    /// <summary>Two underscores in a variable of the environment are the colon of a setting.</summary>
    private static string Whole(string name) => name.Replace("__", ":", StringComparison.Ordinal).ToLowerInvariant();
}
