using System.Globalization;
using AgentPlatform.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Input;

/// <summary>
/// Reads the query of a list: known names only, each once, so that a mistyped filter is refused instead of silently giving
/// everything.
/// </summary>
internal sealed class ListQuery(IQueryCollection query)
{
    public const int DefaultLimit = 20;
    public const int MaxLimit = 100;
    public const string LabelPrefix = "metadata.";

    private const int LongestCursor = 512;

    /// <summary>The first thing wrong with the names, the paging or the label filters.</summary>
    /// <param name="labels">Whether <c>metadata.KEY</c> is a filter here.</param>
    /// <param name="names">The other filters.</param>
    public ProblemHttpResult? Broken(bool labels, params ReadOnlySpan<string> names)
    {
        string[] known = ["limit", "after", .. names];
        foreach (var (name, values) in query)
        {
            var isLabel = labels && name.StartsWith(LabelPrefix, StringComparison.Ordinal);
            if (!isLabel && !known.Contains(name, StringComparer.Ordinal))
            {
                return Problem.Invalid(Words.Short(name), Unknown(name, known, labels));
            }

            if (values.Count != 1)
            {
                return Problem.Invalid(Words.Short(name), $"'{Words.Short(name)}' appears more than once in the query. Send it once.");
            }

            if (isLabel && Checks.Label(name[LabelPrefix.Length..], values.ToString()) is { } wrongLabel)
            {
                return wrongLabel;
            }
        }

        return Limit() ?? After();
    }

    /// <summary>The value of a filter; null when it is not asked for.</summary>
    public string? this[string name] => query.TryGetValue(name, out var value) ? value.ToString() : null;

    private ProblemHttpResult? Limit() => this["limit"] is not { } limit
        || (int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MaxLimit)
            ? null
            : Problem.Invalid("limit", $"'limit' must be a whole number from 1 to {MaxLimit}.");

    private ProblemHttpResult? After() => this["after"] is not { } after
        || (after.Length is > 0 and <= LongestCursor && after.All(character => char.IsAsciiLetterOrDigit(character) || "-_.:=".Contains(character)))
            ? null
            : Problem.Invalid("after", "'after' must be the 'next' of the page before, as it was given.");

    private static string Unknown(string name, string[] known, bool labels) => NearestName.To(name, known) is { } nearest
        ? $"'{Words.Short(name)}' is no filter of this list. Did you mean '{nearest}'?"
        : $"'{Words.Short(name)}' is no filter of this list. Known are {string.Join(", ", known)}{(labels ? ", metadata.KEY" : "")}.";
}
