using System.Globalization;

namespace AgentPlatform.Benchmarks.Throughput;

/// <summary><c>--rounds N --seconds S --warmup S --connections C</c>.</summary>
/// <param name="WarmUp">
/// Of the platform, before the first round. It is long because two busy cores need most of a minute until the second tier of the JIT has
/// seen the hot path; before that every figure is that of a starting process.
/// </param>
internal sealed record ThroughputOptions(int Rounds, TimeSpan Duration, TimeSpan WarmUp, int Connections)
{
    public static ThroughputOptions Parse(IReadOnlyList<string> arguments)
    {
        var (rounds, seconds, warmUp, connections) = (3, 6, 45, 64);
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
                case "--warmup":
                    warmUp = value;
                    break;
                case "--connections":
                    connections = value;
                    break;
                default:
                    throw new ArgumentException($"There is no option '{arguments[i]}'. Known: --rounds, --seconds, --warmup, --connections.");
            }
        }

        return new ThroughputOptions(rounds, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(warmUp), connections);
    }
}
