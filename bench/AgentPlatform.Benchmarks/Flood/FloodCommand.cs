using System.Globalization;
using System.Text.RegularExpressions;
using AgentPlatform.Benchmarks.Load;
using AgentPlatform.Benchmarks.Overload;
using AgentPlatform.Benchmarks.Throughput;

namespace AgentPlatform.Benchmarks.Flood;

/// <summary>
/// One attack after the other on one API, on loopback, from a process that yields the machine to it; meanwhile a healthy client asks and looks. First without
/// an attack, to see what the machine itself does.
/// </summary>
internal static partial class FloodCommand
{
    /// <summary>Descriptors that attacker and API need for other things.</summary>
    private const int Spare = 500;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var options = FloodOptions.Parse(arguments);
        await using var model = await CannedModel.StartAsync(cancellationToken);
        await using var flooded = await FloodedStack.StartAsync(model.BaseUrl, cancellationToken);
        var api = flooded.Api;
        var (own, its) = (Descriptors("self"), Descriptors(api.Pid!.Value.ToString(CultureInfo.InvariantCulture)));
        options = options with { Connections = Math.Min(options.Connections, Math.Min(own, its) - Spare) };
        Console.WriteLine(FormattableString.Invariant(
            $"descriptors: {own} here, {its} in the API (raised by the runtime to the hard limit); {options.Connections} slow connections, {options.Workers} fast ones, nice {options.Nice}"));

        using var client = new HealthyClient(flooded.Stack.Address, flooded.HealthyKey);
        await client.ProbeAsync(options.Probes, WarmUp, cancellationToken);
        var results = new List<FloodResult> { await WithoutAttackAsync(client, api.Pid.Value, options, cancellationToken) };
        foreach (var (number, attack) in Attack.All(flooded.AttackerKey, flooded.WaitingRun).Index().Where(each => options.Only == 0 || options.Only == each.Index + 1))
        {
            var before = ProcessMemory.Megabytes(api.Pid.Value);
            var connections = attack.IsSlow ? options.Connections : options.Workers;
            using var attacker = await ChildProcess.StartAsync(
                AttackCommand.Arguments(number, api.Port, connections, options.Duration, flooded.AttackerKey, flooded.WaitingRun), options.Nice, cancellationToken);
            var probes = await client.ProbeAsync(options.Probes, options.Duration, cancellationToken);
            var during = ProcessMemory.Megabytes(api.Pid.Value);
            var result = await attacker.ResultAsync<AttackResult>(cancellationToken);
            await Task.Delay(Afterwards, cancellationToken);
            results.Add(new FloodResult(attack.Name, result, probes, before, during, ProcessMemory.Megabytes(api.Pid.Value)));
            await Console.Error.WriteLineAsync($"{attack.Name}: done");
        }

        return FloodReport.Print(results) ? 0 : 1;
    }

    private static async Task<FloodResult> WithoutAttackAsync(HealthyClient client, int api, FloodOptions options, CancellationToken cancellationToken)
    {
        var before = ProcessMemory.Megabytes(api);
        var probes = await client.ProbeAsync(options.Probes, options.Duration, cancellationToken);
        var after = ProcessMemory.Megabytes(api);
        return new FloodResult("none", null, probes, before, after, after);
    }

    private static int Descriptors(string process) =>
        OperatingSystem.IsLinux() && OpenFiles().Match(File.ReadAllText($"/proc/{process}/limits")) is { Success: true } found
            ? int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture)
            : int.MaxValue;

    [GeneratedRegex(@"^Max open files\s+(\d+)", RegexOptions.Multiline)]
    private static partial Regex OpenFiles();
}
