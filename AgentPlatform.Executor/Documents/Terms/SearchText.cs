using System.Globalization;
using System.Text;

namespace AgentPlatform.Executor.Documents.Terms;

/// <summary>
/// Terms in the words of Postgres: a <c>tsvector</c> of our own making, so that no parser of the server's cuts them again, and a
/// <c>tsquery</c> for one or any of them. The heading has weight A, the file's name B, the text D.
/// </summary>
internal static class SearchText
{
    /// <summary>What a <c>tsvector</c> can hold: later positions count as the last one.</summary>
    private const int LastPosition = 16_383;
    private const int MostPositions = 255;

    public static string Vector(string heading, string name, string content)
    {
        var lexemes = new Dictionary<string, List<(int Position, char Weight)>>(StringComparer.Ordinal);
        var next = Add(lexemes, heading, 1, 'A');
        next = Add(lexemes, name, next, 'B');
        Add(lexemes, content, next, 'D');

        var vector = new StringBuilder();
        foreach (var (term, places) in lexemes)
        {
            vector.Append(vector.Length == 0 ? "" : " ").Append(Quote(term)).Append(':');
            vector.AppendJoin(',', places.Take(MostPositions).Select(place => string.Create(CultureInfo.InvariantCulture, $"{place.Position}{place.Weight}")));
        }

        return vector.ToString();
    }

    public static string Query(string term) => Quote(term);

    public static string AnyOf(IEnumerable<string> terms) => string.Join(" | ", terms.Select(Quote));

    private static int Add(Dictionary<string, List<(int Position, char Weight)>> lexemes, string text, int first, char weight)
    {
        var next = first;
        foreach (var term in TermReader.Read(text))
        {
            var position = Math.Min(first + term.Position, LastPosition);
            if (!lexemes.TryGetValue(term.Text, out var places))
            {
                lexemes.Add(term.Text, places = []);
            }

            if (places.Count == 0 || places[^1].Position != position)
            {
                places.Add((position, weight));
            }

            next = Math.Max(next, position + 1);
        }

        return next;
    }

    private static string Quote(string term) =>
        $"'{term.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
