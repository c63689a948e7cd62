using System.Collections.Frozen;
using System.Net;
using System.Text;

namespace AgentPlatform.Executor.Tools.HttpGet;

/// <summary>
/// What a person would read of a page, roughly: tags go, blocks become lines, scripts and styles vanish. One pass, no
/// backtracking, and no promise to understand broken markup; the text is data either way.
/// </summary>
internal static class HtmlText
{
    private static readonly FrozenSet<string> Hidden =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "script", "style", "noscript", "template", "svg", "iframe", "object");

    private static readonly FrozenSet<string> Inline = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "kbd", "label", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u", "var");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> HiddenNames = Hidden.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> InlineNames = Inline.GetAlternateLookup<ReadOnlySpan<char>>();

    public static string Reduce(string html)
    {
        var text = new StringBuilder(html.Length / 4);
        var rest = html.AsSpan();
        while (!rest.IsEmpty)
        {
            var open = rest.IndexOf('<');
            text.Append(open < 0 ? rest : rest[..open]);
            rest = open < 0 ? [] : rest[open..];
            if (rest.IsEmpty)
            {
                break;
            }

            if (rest.StartsWith("<!--"))
            {
                rest = After(rest, "-->");
                continue;
            }

            var name = TagName(rest);
            if (name.IsEmpty && !rest.StartsWith("<!") && !rest.StartsWith("<?"))
            {
                // A bare '<' in running text.
                text.Append('<');
                rest = rest[1..];
                continue;
            }

            if (!InlineNames.Contains(name))
            {
                text.Append(name is "td" or "th" ? '\t' : '\n');
            }

            var closing = rest.Length > 1 && rest[1] == '/';
            rest = rest[TagLength(rest)..];
            rest = !closing && HiddenNames.Contains(name) ? AfterClosing(rest, name) : rest;
        }

        return Tidy(WebUtility.HtmlDecode(text.ToString()));
    }

    private static ReadOnlySpan<char> TagName(ReadOnlySpan<char> tag)
    {
        var name = tag[1..].TrimStart('/');
        var length = 0;
        while (length < name.Length && char.IsAsciiLetterOrDigit(name[length]))
        {
            length++;
        }

        return name[..length];
    }

    /// <summary>To the end of the tag; a <c>&gt;</c> inside a quoted attribute is none.</summary>
    private static int TagLength(ReadOnlySpan<char> tag)
    {
        var quote = '\0';
        for (var i = 1; i < tag.Length; i++)
        {
            var c = tag[i];
            if (quote == '\0' && c == '>')
            {
                return i + 1;
            }

            quote = quote == c ? '\0' : quote == '\0' && c is '"' or '\'' ? c : quote;
        }

        return tag.Length;
    }

    private static ReadOnlySpan<char> After(ReadOnlySpan<char> text, string mark) =>
        text.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var at ? text[(at + mark.Length)..] : [];

    private static ReadOnlySpan<char> AfterClosing(ReadOnlySpan<char> text, ReadOnlySpan<char> name)
    {
        for (var at = text.IndexOf("</"); at >= 0; at = text.IndexOf("</"))
        {
            text = text[at..];
            if (TagName(text).Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return text[TagLength(text)..];
            }

            text = text[2..];
        }

        return [];
    }

    /// <summary>Single spaces, no blank edges, at most one empty line in a row.</summary>
    private static string Tidy(string text)
    {
        var result = new StringBuilder(text.Length);
        var empty = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var start = result.Length;
            foreach (var c in line)
            {
                var space = char.IsWhiteSpace(c);
                if (!space || (result.Length > start && result[^1] != ' '))
                {
                    result.Append(space ? ' ' : c);
                }
            }

            while (result.Length > start && result[^1] == ' ')
            {
                result.Length--;
            }

            empty = result.Length == start ? empty + 1 : 0;
            if (empty <= 1 && result.Length > 0)
            {
                result.Append('\n');
            }
        }

        return result.ToString().Trim();
    }
}
