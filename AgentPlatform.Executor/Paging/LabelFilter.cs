using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AgentPlatform.Executor.Problems;

namespace AgentPlatform.Executor.Paging;

/// <summary>Query parameters <c>metadata.KEY=VALUE</c>: only items that carry all these labels.</summary>
internal static class LabelFilter
{
    private const string Prefix = "metadata.";

    /// <param name="labels">JSON object that the item's labels must contain; null when the query names none.</param>
    public static bool TryParse(IQueryCollection query, out string? labels, [NotNullWhen(false)] out ExecutorProblem? problem)
    {
        (labels, problem) = (null, null);
        var wanted = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in query.Where(pair => pair.Key.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (name.Length == Prefix.Length || values.Count != 1)
            {
                problem = ExecutorProblems.Invalid(name, "A label filter is metadata.KEY=VALUE, each key once.");
                return false;
            }

            wanted[name[Prefix.Length..]] = values.ToString();
        }

        labels = wanted.Count == 0 ? null : JsonSerializer.Serialize(wanted);
        return true;
    }

    /// <summary>Labels as stored, read back.</summary>
    public static IReadOnlyDictionary<string, string>? Read(string? stored) =>
        stored is null ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(stored);
}
