using System.Globalization;
using AgentPlatform.Executor.Documents.Terms;

namespace AgentPlatform.Executor.Documents.Search;

/// <summary>
/// Puts candidates into their order: how much of the question a passage holds, how much of it stands in its headings, how dense it is, whether it is
/// written in the language of the question. A passage with too
/// little of the question is no answer to it, and no document takes all places.
/// </summary>
internal static class Ranking
{
    private const double LeastCoverage = 0.34;
    private const double LeafHeading = 0.45;
    private const double UpperHeadings = 0.15;
    private const double Density = 0.3;

    /// <summary>Who asks in English and finds Chinese text by the names in it reads the English page first, and the other way round.</summary>
    private const double OtherScript = 0.7;
    private const int MostOfOneDocument = 2;

    public static IReadOnlyList<Passage> Best(
        string question, IReadOnlyList<Candidate> candidates, IReadOnlyDictionary<string, double> weights, int limit)
    {
        var total = weights.Values.Sum();
        var isPaired = question.EnumerateRunes().Any(Scripts.IsPaired);
        var ranked = candidates
            .Where(candidate => candidate.Coverage >= LeastCoverage)
            .Select(candidate => (Candidate: candidate, Score: Score(candidate)))
            .OrderByDescending(each => each.Score)
            .ThenBy(each => each.Candidate.Path, StringComparer.Ordinal)
            .ThenBy(each => each.Candidate.Line);

        var places = new Dictionary<(string, string), int>();
        var best = new List<Passage>();
        foreach (var (candidate, score) in ranked)
        {
            var place = places[(candidate.Folder, candidate.Path)] = places.GetValueOrDefault((candidate.Folder, candidate.Path)) + 1;
            if (place > MostOfOneDocument)
            {
                continue;
            }

            best.Add(Passage(candidate, score, weights));
            if (best.Count == limit)
            {
                break;
            }
        }

        return best;

        double Score(Candidate candidate)
        {
            var cut = candidate.Heading.LastIndexOf(" > ", StringComparison.Ordinal);
            var leaf = cut < 0 ? candidate.Heading : candidate.Heading[(cut + 3)..];
            var upper = cut < 0 ? "" : candidate.Heading[..cut];
            var score = candidate.Coverage + (LeafHeading * Share(leaf)) + (UpperHeadings * Share($"{upper} {candidate.Path}")) + (Density * candidate.Density);
            return Scripts.IsMostlyPaired(candidate.Content) == isPaired ? score : score * OtherScript;
        }

        double Share(string text) =>
            TermReader.Read(text).Select(term => term.Text).Distinct(StringComparer.Ordinal).Sum(term => weights.GetValueOrDefault(term)) / total;
    }

    private static Passage Passage(Candidate candidate, double score, IReadOnlyDictionary<string, double> weights)
    {
        var (skipped, text) = Excerpt.Of(candidate.Content, weights);
        return new Passage(
            string.Create(CultureInfo.InvariantCulture, $"{candidate.Path}:{candidate.Line + skipped}"),
            candidate.Folder,
            candidate.Heading.Length == 0 ? null : candidate.Heading,
            text,
            Math.Round(score, 3));
    }
}
