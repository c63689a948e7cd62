using System.Globalization;

namespace AgentPlatform.Benchmarks.Stalls;

/// <summary><c>--tries N --at-once N --timeout-ms N</c>.</summary>
/// <param name="Tries">For each point.</param>
/// <param name="AtOnce">Questions that wait at the same time.</param>
/// <param name="Timeout">Of each question.</param>
internal sealed record StallOptions(int Tries, int AtOnce, TimeSpan Timeout)
{
    public static StallOptions Parse(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, int>(StringComparer.Ordinal) { ["--tries"] = 100, ["--at-once"] = 25, ["--timeout-ms"] = 500 };
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (!values.ContainsKey(arguments[i]))
            {
                throw new ArgumentException($"There is no option '{arguments[i]}'. Known: {string.Join(", ", values.Keys)}.");
            }

            if (i + 1 == arguments.Count || !int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out var value) || value < 1)
            {
                throw new ArgumentException($"{arguments[i]} wants a whole number of at least 1.");
            }

            values[arguments[i]] = value;
        }

        return new StallOptions(values["--tries"], values["--at-once"], TimeSpan.FromMilliseconds(values["--timeout-ms"]));
    }
}
