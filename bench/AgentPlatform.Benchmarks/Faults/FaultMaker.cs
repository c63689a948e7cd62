using System.Net.Sockets;
using AgentPlatform.Benchmarks.Stack;

namespace AgentPlatform.Benchmarks.Faults;

/// <summary>Does harm to the processes of the platform, chosen by a seed, and never to the last executor that is ready.</summary>
internal sealed class FaultMaker(FaultyPlatform platform, int seed)
{
    /// <summary>Well past what the cluster and the leases take to give a silent executor up.</summary>
    private static readonly TimeSpan LongStop = TimeSpan.FromSeconds(12);

    private readonly Random _random = new(seed);
    private readonly List<Fault> _made = [];

    public IReadOnlyList<Fault> Made => _made;

    public TimeSpan NextPause((int Min, int Max) seconds) => TimeSpan.FromSeconds(seconds.Min + (_random.NextDouble() * (seconds.Max - seconds.Min)));

    /// <summary>One of all kinds; executors most often.</summary>
    public Task AnyAsync(CancellationToken cancellationToken) => _random.Next(10) switch
    {
        < 5 => KillAsync(),
        < 7 => StopAsync(TimeSpan.FromSeconds(_random.Next(2, 15)), cancellationToken),
        7 => EmptyCacheAsync(cancellationToken),
        _ => RestartDatabaseAsync(),
    };

    public Task KillAsync()
    {
        if (Victim() is { } victim && Signals.Send(victim.Pid!.Value, Signals.Kill))
        {
            Record(FaultKind.Kill, victim.Name);
        }

        return Task.CompletedTask;
    }

    /// <summary>Returns when the executor goes on: too late, it has been given up meanwhile.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => StopAsync(LongStop, cancellationToken);

    private async Task StopAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        if (Victim() is not { } victim || !Signals.Send(victim.Pid!.Value, Signals.Stop))
        {
            return;
        }

        Record(FaultKind.Stop, victim.Name);
        try
        {
            await Task.Delay(duration, cancellationToken);
        }
        finally
        {
            Signals.Send(victim.Pid.Value, Signals.Continue);
        }
    }

    /// <summary>Everything in the cache is forgotten, then its process is killed.</summary>
    private async Task EmptyCacheAsync(CancellationToken cancellationToken)
    {
        var cache = platform.Stack.Resources().First(resource => resource.Name == "cache");
        if (!cache.IsReady)
        {
            return;
        }

        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", cache.Port, cancellationToken);
        var answer = new byte[64];
        await client.GetStream().WriteAsync("*1\r\n$8\r\nFLUSHALL\r\n"u8.ToArray(), cancellationToken);
        await client.GetStream().ReadAtLeastAsync(answer, 1, throwOnEndOfStream: false, cancellationToken);
        Signals.Send(cache.Pid!.Value, Signals.Kill);
        Record(FaultKind.EmptyCache, cache.Name);
    }

    private Task RestartDatabaseAsync()
    {
        var database = platform.Stack.Resources().First(resource => resource.Name == "postgres");
        if (database.IsReady && Signals.Send(database.Pid!.Value, _random.Next(2) == 0 ? Signals.Kill : Signals.Interrupt))
        {
            Record(FaultKind.RestartDatabase, database.Name);
        }

        return Task.CompletedTask;
    }

    private StackResource? Victim()
    {
        var ready = platform.ReadyExecutors();
        return ready.Count > 1 ? ready[_random.Next(ready.Count)] : null;
    }

    private void Record(FaultKind kind, string victim) => _made.Add(new Fault(kind, victim, TimeProvider.System.GetUtcNow()));
}
