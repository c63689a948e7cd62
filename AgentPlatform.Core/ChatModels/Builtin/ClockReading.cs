using System.Text.Json;

namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>A clock's result with its parts by name.</summary>
internal sealed record ClockReading(string Date, string Time, string Weekday, string Zone)
{
    private const string ChineseWeekdays = "日一二三四五六";

    /// <summary>Null when the result is something else than such an object.</summary>
    public static ClockReading? TryParse(string raw)
    {
        try
        {
            var reading = JsonSerializer.Deserialize<ClockReading>(raw, JsonSerializerOptions.Web);
            return reading is { Date: not null, Time: not null, Weekday: not null, Zone: not null } ? reading : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string Say(bool chinese) => chinese ? $"{Date}{ChineseWeekday()} {Time}（{Zone}）" : $"{Time} on {Weekday}, {Date} ({Zone})";

    private string ChineseWeekday() => Enum.TryParse<DayOfWeek>(Weekday, ignoreCase: true, out var day) ? $" 星期{ChineseWeekdays[(int)day]}" : "";
}
