using System.ComponentModel;
using System.Globalization;
using Microsoft.SemanticKernel;

namespace AgentPlatform.Executor.Tools;

/// <summary>What time it is. A <c>read</c>: an answer that holds it is old a moment later.</summary>
internal sealed class ClockPlugin(TimeProvider time)
{
    [KernelFunction("clock")]
    [Description("Tells the current date, weekday and time in a time zone.")]
    [ToolEffect(ToolEffect.Read, DeadlineSeconds = 5)]
    public ClockReading Read(
        [Description("IANA name such as Europe/Berlin or Asia/Shanghai, or a Windows name. UTC when absent.")] string zone = "UTC")
    {
        // The name becomes a path below the zone database.
        var suspect = string.IsNullOrWhiteSpace(zone) || zone.Length > 64 || zone.StartsWith('/') || zone.Contains("..", StringComparison.Ordinal);
        if (suspect || !TimeZoneInfo.TryFindSystemTimeZoneById(zone.Trim(), out var found))
        {
            throw new ToolException(
                $"There is no time zone '{ToolText.Cap(zone, 64, out _)}'. Use an IANA name such as Europe/Berlin, America/New_York or Asia/Shanghai, or UTC.",
                ToolErrorKind.InvalidArguments);
        }

        var local = TimeZoneInfo.ConvertTime(time.GetUtcNow(), found);
        return new ClockReading(
            local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            local.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
            local.ToString("dddd", CultureInfo.InvariantCulture),
            found.Id,
            local.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));
    }
}

/// <param name="Iso">ISO 8601 with the zone's offset at that moment.</param>
internal sealed record ClockReading(string Date, string Time, string Weekday, string Zone, string Iso);
