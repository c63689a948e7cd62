using System.Globalization;

namespace AgentPlatform.Benchmarks.Flood;

/// <summary><c>--connections N --workers N --probes N --seconds S --nice N --attack N</c>.</summary>
/// <param name="Connections">Slow ones and idle streams at a time, 500 of them made in a second; fewer where the descriptor limit allows no more.</param>
/// <param name="Workers">Connections at a time of those who send as fast as they can.</param>
/// <param name="Probes">Of each kind, during each attack.</param>
/// <param name="Nice">Of the attacker, who shares the machine with what it attacks.</param>
/// <param name="Only">The number of the one attack to be made, from 1; 0 for all of them.</param>
internal sealed record FloodOptions(int Connections, int Workers, int Probes, TimeSpan Duration, int Nice, int Only)
{
    public static FloodOptions Parse(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["--connections"] = 5000,
            ["--workers"] = 64,
            ["--probes"] = 100,
            ["--seconds"] = 15,
            ["--nice"] = 10,
            ["--attack"] = 0,
        };
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (!values.ContainsKey(arguments[i]))
            {
                throw new ArgumentException($"There is no option '{arguments[i]}'. Known: {string.Join(", ", values.Keys)}.");
            }

            if (i + 1 == arguments.Count || !int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out var value) || value < 0)
            {
                throw new ArgumentException($"{arguments[i]} wants a whole number.");
            }

            values[arguments[i]] = value;
        }

        return new FloodOptions(
            values["--connections"], values["--workers"], values["--probes"], TimeSpan.FromSeconds(values["--seconds"]), values["--nice"],
            values["--attack"]);
    }
}
