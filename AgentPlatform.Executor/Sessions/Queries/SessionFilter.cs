using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AgentPlatform.Executor.Paging;
using AgentPlatform.Executor.Problems;

namespace AgentPlatform.Executor.Sessions.Queries;

/// <summary>Which sessions a list is asked for; a null member does not filter.</summary>
/// <param name="Labels">JSON object the session's labels must contain.</param>
/// <param name="After">The session after which the page begins.</param>
internal sealed record SessionFilter(string? User, string? Labels, SessionKey? After, int Limit)
{
    public static bool TryParse(
        IQueryCollection query,
        [NotNullWhen(true)] out SessionFilter? filter,
        [NotNullWhen(false)] out ExecutorProblem? problem)
    {
        filter = null;
        if (!PageRequest.TryParse(query, out var page, out problem) || !LabelFilter.TryParse(query, out var labels, out problem))
        {
            return false;
        }

        SessionKey? after = null;
        if (page.After is not null && (after = SessionKey.Read(page.After)) is null)
        {
            problem = PageRequest.BadCursor;
            return false;
        }

        filter = new SessionFilter(query["user"], labels, after, page.Limit);
        return true;
    }
}

/// <summary>Place of a session in the list: last change, then id.</summary>
internal sealed record SessionKey(DateTimeOffset UpdatedAt, string SessionId)
{
    public static SessionKey? Read(string key)
    {
        var parts = key.Split(' ', 2);
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
                ? new SessionKey(new DateTimeOffset(ticks, TimeSpan.Zero), parts[1])
                : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{UpdatedAt.UtcTicks} {SessionId}");
}
