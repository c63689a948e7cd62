namespace AgentPlatform.Executor.Documents.Terms;

/// <summary>What a question asks for: its terms once each, without the words that every question has.</summary>
internal static class QueryTerms
{
    /// <summary>More make a search slower, not better.</summary>
    public const int Most = 24;

    private static readonly HashSet<string> Stops = [.. StopWords.English.Select(Stem.Of)];

    public static IReadOnlyList<string> Of(string question)
    {
        var telling = Distinct(StopWords.Chinese().Replace(question, " ")).Where(term => !Stops.Contains(term)).Take(Most).ToList();
        return telling.Count > 0 ? telling : [.. Distinct(question).Take(Most)];
    }

    private static IEnumerable<string> Distinct(string text) => TermReader.Read(text).Select(term => term.Text).Distinct(StringComparer.Ordinal);
}
