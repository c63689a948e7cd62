using System.Globalization;

namespace AgentPlatform.Benchmarks.Throughput;

/// <summary><c>--rounds N --seconds S --connections C</c>.</summary>
internal sealed record ThroughputOptions(int Rounds, TimeSpan Duration, int Connections)
{
    public static ThroughputOptions Parse(IReadOnlyList<string> arguments)
    {
        var (rounds, seconds, connections) = (3, 8, 64);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count || !int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out var value) || value < 1)
            {
                throw new ArgumentException($"{arguments[i]} wants a whole number of at least 1.");
            }

            switch (arguments[i])
            {
                case "--rounds":
                    rounds = value;
                    break;
                case "--seconds":
                    seconds = value;
                    break;
                case "--connections":
                    connections = value;
                    break;
                default:
                    throw new ArgumentException($"There is no option '{arguments[i]}'. Known: --rounds, --seconds, --connections.");
            }
        }

        return new ThroughputOptions(rounds, TimeSpan.FromSeconds(seconds), connections);
    }
}
