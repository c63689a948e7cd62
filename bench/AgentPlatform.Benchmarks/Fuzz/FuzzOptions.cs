using System.Globalization;

namespace AgentPlatform.Benchmarks.Fuzz;

/// <summary><c>--requests N --seed N</c>.</summary>
/// <param name="Requests">Two thirds of them to the API, the others to the executor.</param>
internal sealed record FuzzOptions(int Requests, int Seed)
{
    public static FuzzOptions Parse(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, int>(StringComparer.Ordinal) { ["--requests"] = 20_000, ["--seed"] = 1 };
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

        return new FuzzOptions(values["--requests"], values["--seed"]);
    }
}
