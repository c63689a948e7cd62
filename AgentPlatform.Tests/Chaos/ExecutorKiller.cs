using AgentPlatform.Tests.Stack;

namespace AgentPlatform.Tests.Chaos;

/// <summary>Kills one executor after the other, never the last one that is ready.</summary>
internal sealed class ExecutorKiller(ChaosStack chaos, int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Executors killed, in order.</summary>
    public List<string> Killed { get; } = [];

    public async Task KillAsync(TimeSpan every, TimeSpan duration, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(every);
        while (TimeProvider.System.GetElapsedTime(begun) < duration && await timer.WaitForNextTickAsync(cancellationToken))
        {
            var ready = chaos.ExecutorProcesses.Where(process => process is { State: "ready", Pid: not null }).ToList();
            if (ready.Count > 1 && ready[_random.Next(ready.Count)] is var victim && Signals.Send(victim.Pid!.Value, Signals.Kill))
            {
                Killed.Add(victim.Name);
            }
        }
    }
}
