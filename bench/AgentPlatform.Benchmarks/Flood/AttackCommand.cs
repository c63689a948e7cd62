using System.Globalization;
using System.Net;
using System.Text.Json;
using AgentPlatform.Benchmarks.Load;

namespace AgentPlatform.Benchmarks.Flood;

/// <summary>The attacker's process: <c>attack NUMBER PORT CONNECTIONS SECONDS KEY RUN</c>.</summary>
internal static class AttackCommand
{
    public const string Name = "attack";

    private static readonly TimeSpan BeginWithin = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<string> Arguments(int number, int port, int connections, TimeSpan duration, string key, string run) =>
    [
        Name, Text(number), Text(port), Text(connections), duration.TotalSeconds.ToString(CultureInfo.InvariantCulture), key, run,
    ];

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (arguments.Count != 6)
        {
            throw new ArgumentException("attack NUMBER PORT CONNECTIONS SECONDS KEY RUN");
        }

        var attack = Attack.All(arguments[4], arguments[5])[Number(arguments[0])];
        var attacker = new Attacker(attack, new IPEndPoint(IPAddress.Loopback, Number(arguments[1])), Number(arguments[2]));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = attacker.RunAsync(ended.Token);
        using var patience = new CancellationTokenSource(BeginWithin);
        while (!attacker.HasBegun && !patience.IsCancellationRequested)
        {
            await Task.Delay(50, cancellationToken);
        }

        await Console.Out.WriteLineAsync(ChildProcess.Begun);
        ended.CancelAfter(TimeSpan.FromSeconds(double.Parse(arguments[3], CultureInfo.InvariantCulture)));
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(await running));
        return 0;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
