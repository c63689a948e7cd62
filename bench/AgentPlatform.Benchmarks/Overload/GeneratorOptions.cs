using System.Globalization;

namespace AgentPlatform.Benchmarks.Overload;

/// <summary>What the generator's process is told: <c>generate URL RATE SECONDS TIMEOUT</c>.</summary>
/// <param name="Timeout">Of each question, in seconds; zero: no question is asked, but a path that does not exist.</param>
internal sealed record GeneratorOptions(Uri Url, double Rate, TimeSpan Duration, int Timeout)
{
    public IReadOnlyList<string> Arguments =>
    [
        "generate", Url.OriginalString, Rate.ToString(CultureInfo.InvariantCulture),
        Duration.TotalSeconds.ToString(CultureInfo.InvariantCulture), Timeout.ToString(CultureInfo.InvariantCulture),
    ];

    public static GeneratorOptions Parse(IReadOnlyList<string> arguments) => arguments.Count == 4
        ? new GeneratorOptions(
            new Uri(arguments[0]),
            double.Parse(arguments[1], CultureInfo.InvariantCulture),
            TimeSpan.FromSeconds(double.Parse(arguments[2], CultureInfo.InvariantCulture)),
            int.Parse(arguments[3], CultureInfo.InvariantCulture))
        : throw new ArgumentException("generate URL RATE SECONDS TIMEOUT");
}
