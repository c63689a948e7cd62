using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AgentPlatform.Executor.Problems;

namespace AgentPlatform.Executor.Paging;

/// <summary>What a list is asked for: how many items, and after which.</summary>
/// <param name="Limit">1–100.</param>
/// <param name="After">Key of the last item of the page before; null for the first page.</param>
internal sealed record PageRequest(int Limit, string? After)
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    /// <summary>The refusal of an <c>after</c> that is no cursor of this list.</summary>
    public static ExecutorProblem BadCursor { get; } = ExecutorProblems.Invalid("after", "'after' must be the 'next' of the page before.");

    public static bool TryParse(
        IQueryCollection query,
        [NotNullWhen(true)] out PageRequest? page,
        [NotNullWhen(false)] out ExecutorProblem? problem)
    {
        (page, problem) = (null, null);
        var limit = DefaultLimit;
        if (query.TryGetValue("limit", out var asked)
            && (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            problem = ExecutorProblems.Invalid("limit", $"'limit' must be a number from 1 to {MaxLimit}.");
            return false;
        }

        string? after = null;
        if (query.TryGetValue("after", out var cursor) && (after = PageCursor.Decode(cursor.ToString())) is null)
        {
            problem = BadCursor;
            return false;
        }

        page = new PageRequest(limit, after);
        return true;
    }
}
