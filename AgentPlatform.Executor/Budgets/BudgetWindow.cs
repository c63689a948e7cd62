using System.Globalization;

namespace AgentPlatform.Executor.Budgets;

/// <summary>
/// How long a budget holds before it begins anew, in UTC: windows of one length follow each other from a Monday at midnight on (so that a week begins
/// on Monday and an hour on the hour), months go by the calendar. When one begins is for the database to say.
/// </summary>
/// <param name="Name">As callers see it.</param>
/// <param name="Seconds">Its length; null for a calendar month.</param>
internal sealed record BudgetWindow(string Name, long? Seconds)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <returns>Null when the text is no window.</returns>
    public static BudgetWindow? Parse(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        "hour" => new BudgetWindow("hour", 3_600),
        "day" => new BudgetWindow("day", 86_400),
        "month" => new BudgetWindow("month", null),
        var other => TimeSpan.TryParse(other, CultureInfo.InvariantCulture, out var span) && IsLength(span)
            ? new BudgetWindow(span.ToString("c", CultureInfo.InvariantCulture), (long)span.TotalSeconds)
            : null,
    };

    private static bool IsLength(TimeSpan span) =>
        span > TimeSpan.Zero && span <= Longest && span.Ticks % TimeSpan.TicksPerSecond == 0;
}
