namespace AgentPlatform.Api.Input;

/// <summary>Guesses what a caller meant by a name that does not exist.</summary>
internal static class NearestName
{
    private const int LongestName = 64;

    /// <summary>The known name that needs the fewest edits, when they are few enough to be a slip; else null.</summary>
    public static string? To(string name, IEnumerable<string> known)
    {
        if (name.Length is 0 or > LongestName)
        {
            return null;
        }

        var nearest = known
            .Select(candidate => (Name: candidate, Edits: Edits(Plain(name), Plain(candidate))))
            .OrderBy(pair => pair.Edits)
            .FirstOrDefault();
        return nearest.Name is not null && nearest.Edits <= Math.Max(1, nearest.Name.Length / 3) ? nearest.Name : null;
    }

    /// <summary>sessionId, session-id and SESSION_ID are all the same slip.</summary>
    private static string Plain(string name) =>
        name.ToLowerInvariant().Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);

    /// <summary>Levenshtein's distance, one row at a time.</summary>
    private static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
