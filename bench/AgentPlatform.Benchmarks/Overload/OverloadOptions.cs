using System.Globalization;

namespace AgentPlatform.Benchmarks.Overload;

/// <summary><c>--seconds S --factor F --delay MS --warmup S --concurrent N --timeout S --nice N</c>.</summary>
/// <param name="Factor">How many times the sustainable rate is offered.</param>
/// <param name="ModelDelay">Mean of each of a run's two model calls: what a run mostly is, waiting for a model.</param>
/// <param name="Concurrent">Questions the API works on (<c>Admission:MaxConcurrent</c>), and the connections of the closed loop.</param>
/// <param name="AnswerTimeout">In seconds, of each question.</param>
/// <param name="Nice">Of the generator, which shares the machine with what it measures.</param>
internal sealed record OverloadOptions(
    TimeSpan Duration, int Factor, TimeSpan ModelDelay, TimeSpan WarmUp, int Concurrent, int AnswerTimeout, int Nice)
{
    public static OverloadOptions Parse(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["--seconds"] = 30,
            ["--factor"] = 10,
            ["--delay"] = 1500,
            ["--warmup"] = 45,
            ["--concurrent"] = 500,
            ["--timeout"] = 10,
            ["--nice"] = 10,
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

        return new OverloadOptions(
            TimeSpan.FromSeconds(values["--seconds"]),
            values["--factor"],
            TimeSpan.FromMilliseconds(values["--delay"]),
            TimeSpan.FromSeconds(values["--warmup"]),
            values["--concurrent"],
            values["--timeout"],
            values["--nice"]);
    }
}
