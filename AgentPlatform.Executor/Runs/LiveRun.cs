using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Journal;
using AgentPlatform.Executor.Runs.Watching;
using AgentPlatform.Executor.Sessions;

namespace AgentPlatform.Executor.Runs;

/// <summary>
/// A run this process is working on: its folded state, and the events that are not durable yet. Events are staged
/// (folded at once), then committed together; commits of one run reach the journal in order.
/// </summary>
/// <param name="feed">What watchers see of it.</param>
/// <param name="clock">Stamps the events.</param>
/// <param name="appendStop">Ends appends that cannot get through: the process is stopping.</param>
/// <param name="stored">What the journal already holds; null for a new run.</param>
internal sealed class LiveRun(
    RunIdentity identity,
    RunRules rules,
    IReadOnlyList<ConversationTurn> history,
    IRunJournal journal,
    RunFeed feed,
    TimeProvider clock,
    CancellationToken appendStop,
    StoredRun? stored = null)
{
    private readonly List<RunEvent> _staged = [];
    private Task _commits = Task.CompletedTask;

    public RunIdentity Identity => identity;

    public RunRules Rules => rules;

    /// <summary>Earlier turns the model sees, oldest first.</summary>
    public IReadOnlyList<ConversationTurn> History { get; private set; } = history;

    public RunFeed Feed => feed;

    public RunState State { get; private set; } = stored is null ? RunState.Empty : RunState.Fold(stored.Events);

    /// <summary>Under which this process writes: 1 for a new run, one more with each takeover.</summary>
    public long Epoch { get; } = stored?.Epoch ?? 1;

    /// <summary>Whether a call of this tool is the caller's to make.</summary>
    public bool IsClientTool(string name) =>
        State.Started?.Context?.Tools.Any(tool => tool.Name == name) is true && !rules.Offers(name);

    /// <summary>Nothing is staged but results of tools, or nothing at all.</summary>
    public bool HasOnlyResultsStaged => _staged.TrueForAll(staged => staged is ToolReturned);

    /// <summary>When its wall clock ends: time in a queue and time of a person's thinking do not count.</summary>
    public DateTimeOffset Deadline => State.Started!.At + TimeSpan.FromMilliseconds(State.Started.TimeoutMs) + State.PausedUntil(clock.GetUtcNow());

    /// <summary>Time left of the run's wall clock; never negative.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var left = Deadline - clock.GetUtcNow();
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Work begins after a wait in the queue, on the conversation as it stands now.</summary>
    public void Begin(IReadOnlyList<ConversationTurn> conversation) => History = conversation;

    public void Stage(RunEvent next)
    {
        next = next with { Seq = State.LastSeq + 1, At = clock.GetUtcNow() };
        var ended = State.Apply(next);
        if (ended.Ending is not null && feed.Abandon() is { } sent)
        {
            next = next with { Discarded = sent };
            ended = State.Apply(next);
        }

        State = ended;
        _staged.Add(next);
        feed.Staged(next);
    }

    /// <summary>Sends what is staged; the task ends when it and everything before it is durable.</summary>
    /// <exception cref="RunLostException">Another writer has the run.</exception>
    public Task CommitAsync()
    {
        if (_staged.Count > 0)
        {
            var append = ToAppend();
            _staged.Clear();
            _commits = CommitAsync(_commits, append, State.LastSeq);
        }

        return _commits;
    }

    /// <summary>Ends when nothing is on its way to the journal any more, however that went.</summary>
    public async Task SettledAsync() => await _commits.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);

    private async Task CommitAsync(Task earlier, JournalAppend append, long lastSeq)
    {
        // One after the other: when the first loses its place, the second must not land behind somebody else's events.
        await earlier;
        var result = await journal.AppendAsync(append, appendStop);
        if (result != AppendResult.Committed)
        {
            throw new RunLostException(result);
        }

        feed.Durable(lastSeq);
    }

    private JournalAppend ToAppend() => new()
    {
        TenantId = identity.TenantId,
        RunId = identity.RunId,
        FirstSeq = _staged[0].Seq,
        Epoch = Epoch,
        AppendId = Guid.CreateVersion7(clock.GetUtcNow()),
        Events = JsonSerializer.Serialize(_staged, WireJson.Options),
        Start = _staged[0] is RunStarted started ? RunRows.StartOf(started, identity.Owner) : null,
        End = State.Ending is { } ending && ending == _staged[^1] ? RunRows.EndOf(State, ending) : null,
    };
}
