using System.Globalization;

namespace AgentPlatform.Benchmarks.Faults;

/// <summary>
/// <c>--runs N --open N --kills N --stops N --min S --max S --seed N --executors N</c>; <c>soak</c> reads the first and the pauses,
/// <c>recovery</c> the numbers of kills and stops.
/// </summary>
/// <param name="Runs">Runs to accept before no more faults happen.</param>
/// <param name="Open">Runs that are open at a time.</param>
/// <param name="Pause">Shortest and longest time between two faults, seconds.</param>
internal sealed record FaultOptions(int Runs, int Open, int Kills, int Stops, (int Min, int Max) Pause, int Seed, int Executors)
{
    public static FaultOptions Parse(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["--runs"] = 5_000,
            ["--open"] = 60,
            ["--kills"] = 100,
            ["--stops"] = 30,
            ["--min"] = 5,
            ["--max"] = 40,
            ["--seed"] = 1,
            ["--executors"] = 3,
        };
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (!values.ContainsKey(arguments[i]))
            {
                throw new ArgumentException($"There is no option '{arguments[i]}'. Known: {string.Join(", ", values.Keys)}.");
            }

            if (i + 1 == arguments.Count || !int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out var value) || value < 0)
            {
                throw new ArgumentException($"{arguments[i]} wants a whole number of at least 0.");
            }

            values[arguments[i]] = value;
        }

        return new FaultOptions(
            values["--runs"], values["--open"], values["--kills"], values["--stops"], (values["--min"], values["--max"]), values["--seed"], values["--executors"]);
    }
}
