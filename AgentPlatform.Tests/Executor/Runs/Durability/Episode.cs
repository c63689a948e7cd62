using System.Collections.Concurrent;
using AgentPlatform.Executor.Runs;
using Xunit;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>
/// One scenario, played: processes one after the other work on one run, each until it meets a fault, the last to the end. A process
/// that hangs wakes up while others are at work; when all is over every sleeper is woken and must end by itself.
/// </summary>
internal sealed class Episode
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Queue<Fault> _faults;
    private readonly List<(RunProcess Process, int WakesIn)> _asleep = [];
    private readonly ConcurrentQueue<string> _story = [];
    private int _instants;

    public Episode(Scenario scenario, Guid runId, Coverage coverage)
    {
        Scenario = scenario;
        RunId = runId;
        Coverage = coverage;
        Rules = RunEngine.RulesOf(scenario);
        Ledger = new Ledger(Journal, runId);
        _faults = new Queue<Fault>(scenario.Faults);
    }

    public Scenario Scenario { get; }

    public Guid RunId { get; }

    public Coverage Coverage { get; }

    public RunRules Rules { get; }

    public MemoryJournal Journal { get; } = new();

    public Ledger Ledger { get; }

    public string Story => string.Join('\n', _story);

    public void Note(string what) => _story.Enqueue(what);

    public async Task PlayAsync(RunEngine engine, LeasePool leases, CancellationToken cancellationToken)
    {
        var hung = new List<(RunProcess Process, Task Work)>();
        for (var number = 1; ; number++)
        {
            var process = new RunProcess(this, await leases.RentAsync(cancellationToken), number);
            var work = new RunWork(process, engine).DoAsync();
            await WaitAsync(Task.WhenAny(work, process.Gone), cancellationToken);
            if (process.IsHung)
            {
                hung.Add((process, work));
            }
            else
            {
                leases.Return(process.Lease);
                if (!process.Gone.IsCompleted)
                {
                    await work;
                    break;
                }
            }
        }

        foreach (var (process, work) in hung)
        {
            await process.Lease.RenewAsync(cancellationToken);
            _ = process.WakeAsync();
            await WaitAsync(work, cancellationToken);
            leases.Return(process.Lease);
        }
    }

    private async Task WaitAsync(Task work, CancellationToken cancellationToken)
    {
        try
        {
            await work.WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Nothing has happened for {Patience.TotalSeconds} s.\n{Story}");
        }
    }

    /// <summary>The owner of the run has come to an instant: the fault that waits for it, if one does.</summary>
    public async ValueTask<Fault?> MeetAsync(Instant instant)
    {
        Fault? fault = null;
        List<RunProcess> waking;
        lock (_lock)
        {
            waking = [.. _asleep.Where(sleeper => sleeper.WakesIn == 0).Select(sleeper => sleeper.Process)];
            _asleep.RemoveAll(sleeper => sleeper.WakesIn == 0);
            for (var i = 0; i < _asleep.Count; i++)
            {
                _asleep[i] = (_asleep[i].Process, _asleep[i].WakesIn - 1);
            }

            if (_faults.TryPeek(out var next) && _instants++ >= next.After)
            {
                fault = _faults.Dequeue();
                _instants = 0;
            }
        }

        foreach (var process in waking)
        {
            await process.WakeAsync();
        }

        if (fault is not null)
        {
            Coverage.Count($"{fault.Kind} {instant}");
        }

        return fault;
    }

    public void Sleeps(RunProcess process, int instants)
    {
        lock (_lock)
        {
            _asleep.Add((process, instants));
        }
    }
}
