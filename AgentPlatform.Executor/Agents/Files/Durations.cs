using System.Globalization;

namespace AgentPlatform.Executor.Agents.Files;

/// <summary>Durations as people write them: <c>15s</c>, <c>30m</c>, <c>1h</c>, <c>1d</c>, or plain seconds.</summary>
internal static class Durations
{
    private static readonly (string Unit, double Seconds)[] Units = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1), ("", 1)];

    /// <summary>Seconds; null when it is none.</summary>
    public static double? Parse(string text)
    {
        var (unit, factor) = Units.First(unit => text.EndsWith(unit.Unit, StringComparison.Ordinal));
        var number = text.AsSpan(0, text.Length - unit.Length).TrimEnd();
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value * factor
            : null;
    }

    /// <summary>In the largest unit that divides it.</summary>
    public static string Write(double seconds)
    {
        var (unit, factor) = Units.First(unit => unit.Seconds <= 1 || (seconds != 0 && seconds % unit.Seconds == 0));
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / factor}{unit}");
    }
}
