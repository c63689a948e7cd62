using AgentPlatform.Executor.Documents.Terms;
using AgentPlatform.Executor.Tools;

namespace AgentPlatform.Executor.Documents.Search;

/// <summary>The lines of a passage that answer best.</summary>
internal static class Excerpt
{
    /// <summary>Characters.</summary>
    public const int Most = 800;

    /// <param name="weights">What each term of the question weighs.</param>
    /// <returns>The text, and how many lines of the passage come before it.</returns>
    public static (int Skipped, string Text) Of(string content, IReadOnlyDictionary<string, double> weights)
    {
        if (content.Length <= Most)
        {
            return (0, content);
        }

        var lines = content.Split('\n');
        var terms = lines.Select(line => TermReader.Read(line).Select(term => term.Text).Where(weights.ContainsKey).ToHashSet(StringComparer.Ordinal)).ToArray();
        var best = Enumerable.Range(0, lines.Length)
            .Where(start => !string.IsNullOrWhiteSpace(lines[start]))
            .Select(start => (Start: start, End: End(lines, start)))
            .MaxBy(window => Weight(window.Start, window.End));
        return (best.Start, ToolText.Cap(string.Join('\n', lines[best.Start..best.End]).TrimEnd(), Most, out _));

        double Weight(int start, int end) => terms[start..end].SelectMany(each => each).Distinct(StringComparer.Ordinal).Sum(term => weights[term])
            // Of two windows that hold the same, the one that begins with what is asked for.
            + (0.01 * terms[start].Sum(term => weights[term]));
    }

    private static int End(string[] lines, int start)
    {
        var (end, length) = (start + 1, lines[start].Length);
        while (end < lines.Length && length + 1 + lines[end].Length <= Most)
        {
            length += 1 + lines[end++].Length;
        }

        return end;
    }
}
