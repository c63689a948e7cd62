using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Paging;

/// <summary>Makes a page of the rows of a query that asked for one row more than the page holds.</summary>
internal static class PageCut
{
    public static Page<TItem> At<TRow, TItem>(IReadOnlyList<TRow> rows, int limit, Func<TRow, TItem> item, Func<TRow, string> key) =>
        rows.Count <= limit
            ? new Page<TItem>([.. rows.Select(item)], null)
            : new Page<TItem>([.. rows.Take(limit).Select(item)], PageCursor.Encode(key(rows[limit - 1])));
}
