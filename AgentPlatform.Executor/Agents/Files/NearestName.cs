namespace AgentPlatform.Executor.Agents.Files;

/// <summary>Guesses which name was meant, by edit distance.</summary>
internal static class NearestName
{
    /// <summary>The nearest name that is close enough to be a slip; null when none is.</summary>
    public static string? Of(string word, IEnumerable<string> names)
    {
        var nearest = names
            .Select(name => (Name: name, Distance: Distance(word.ToLowerInvariant(), name)))
            .OrderBy(pair => pair.Distance)
            .FirstOrDefault();
        return nearest.Name is { } found && nearest.Distance <= Math.Max(1, Math.Max(word.Length, found.Length) / 3) ? found : null;
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
