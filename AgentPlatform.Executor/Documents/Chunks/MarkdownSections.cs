using System.Text.RegularExpressions;
using AgentPlatform.Executor.Tools;

namespace AgentPlatform.Executor.Documents.Chunks;

/// <summary>
/// Reads as much of Markdown as it takes to cut it well: headings of both kinds, fenced code, tables, paragraphs. Plain text is read by its
/// paragraphs.
/// </summary>
internal sealed partial class MarkdownSections
{
    private const int LongestTitle = 200;

    private readonly List<Section> _sections = [];
    private readonly List<Block> _blocks = [];
    private readonly List<(int Level, string Title, int Line)> _headings = [];
    private readonly string[] _lines;

    private MarkdownSections(string text) => _lines = text.Split('\n');

    /// <param name="text">Lines end with a line feed.</param>
    public static IReadOnlyList<Section> Read(string text, bool markdown)
    {
        var reader = new MarkdownSections(text);
        reader.Read(markdown);
        return reader._sections;
    }

    private void Read(bool markdown)
    {
        for (var at = 0; at < _lines.Length;)
        {
            at = string.IsNullOrWhiteSpace(_lines[at]) ? at + 1
                : markdown && Heading(at) is var (level, title, length) ? Open(level, title, at, at + length)
                : markdown && Fence().Match(_lines[at]) is { Success: true } fence ? Add(at, CodeEnd(at, fence.Groups[1].Value), BlockKind.Code)
                : markdown && IsRow(_lines[at]) ? Add(at, RunEnd(at, IsRow), BlockKind.Table)
                : Add(at, RunEnd(at + 1, line => IsParagraph(line, markdown), at + 1), BlockKind.Text);
        }

        Close(next: 0);
    }

    private (int Level, string Title, int Length)? Heading(int at)
    {
        if (Hashes().Match(_lines[at]) is { Success: true } hashes)
        {
            return (hashes.Groups[1].Length, hashes.Groups[2].Value.Trim(), 1);
        }

        return at + 1 < _lines.Length && Underline().Match(_lines[at + 1]) is { Success: true } underline && !IsRow(_lines[at]) && !Fence().IsMatch(_lines[at])
            ? (underline.Value[0] == '=' ? 1 : 2, _lines[at].Trim(), 2)
            : null;
    }

    private int Open(int level, string title, int at, int next)
    {
        Close(level);
        _headings.RemoveAll(heading => heading.Level >= level);
        var plain = title.Replace("`", "", StringComparison.Ordinal);
        _headings.Add((level, plain.Length <= LongestTitle ? plain : ToolText.Clean(plain[..LongestTitle]), at));
        return next;
    }

    private int Add(int start, int end, BlockKind kind)
    {
        _blocks.Add(new Block(start + 1, _lines[start..end], kind));
        return end;
    }

    /// <param name="next">Level of the heading that comes.</param>
    private void Close(int next)
    {
        if (_blocks.Count == 0 && _headings.Count > 0 && _headings[^1].Level >= next)
        {
            // A heading with nothing under it is all there is to find.
            Add(_headings[^1].Line, _headings[^1].Line + 1, BlockKind.Text);
        }

        if (_blocks.Count > 0)
        {
            _sections.Add(new Section(string.Join(" > ", _headings.Select(heading => heading.Title)), [.. _blocks]));
            _blocks.Clear();
        }
    }

    /// <summary>Behind the fence that ends the code; a fence that is missing ends with the text.</summary>
    private int CodeEnd(int start, string fence)
    {
        var end = Array.FindIndex(
            _lines, start + 1, line => line.Trim() is { } trimmed && trimmed.Length >= fence.Length && trimmed.All(c => c == fence[0]));
        return end < 0 ? _lines.Length : end + 1;
    }

    private int RunEnd(int from, Predicate<string> belongs, int least = 0)
    {
        var end = Array.FindIndex(_lines, from, line => !belongs(line));
        return Math.Max(least, end < 0 ? _lines.Length : end);
    }

    private static bool IsParagraph(string line, bool markdown) =>
        !string.IsNullOrWhiteSpace(line) && !(markdown && (IsRow(line) || Hashes().IsMatch(line) || Fence().IsMatch(line)));

    private static bool IsRow(string line) => line.TrimStart().StartsWith('|');

    [GeneratedRegex(@"^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")]
    private static partial Regex Hashes();

    [GeneratedRegex(@"^ {0,3}(?:={3,}|-{3,})[ \t]*$")]
    private static partial Regex Underline();

    /// <summary>Also within a list, which indents it.</summary>
    [GeneratedRegex(@"^\s*(`{3,}|~{3,})")]
    private static partial Regex Fence();
}
