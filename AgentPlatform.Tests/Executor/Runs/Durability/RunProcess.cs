using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>A pretended executor process as the models, the tools and the journal of a run meet it: it may be gone, or stand still, at any instant.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Its parts outlive it in every way; without a wait handle there is nothing to dispose.")]
internal sealed class RunProcess(Episode episode, PooledLease lease, int number)
{
    private static readonly AsyncLocal<RunProcess?> At = new();

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _wallClock = new();
    private volatile bool _dead;
    private volatile bool _hung;
    private bool _renews;
    private bool _left;

    /// <summary>The process the calling code belongs to.</summary>
    public static RunProcess Current
    {
        get => At.Value!;
        set => At.Value = value;
    }

    public Episode Episode => episode;

    public PooledLease Lease => lease;

    /// <summary>It works on the run by right.</summary>
    public bool IsOwner => !_dead && !_hung;

    public bool IsHung => _hung;

    /// <summary>Ends when others may take the run over.</summary>
    public Task Gone => _gone.Task;

    public CancellationToken WallClock => _wallClock.Token;

    /// <summary>Replies it found in the journal when it took the run up.</summary>
    public int RoundsFound { get; set; }

    public long EpochOfLease { get; set; }

    /// <summary>Something is about to happen; whether it does is decided here.</summary>
    public async ValueTask<Fault?> AtAsync(Instant instant)
    {
        await StandAsync(instant);
        var fault = IsOwner ? await episode.MeetAsync(instant) : null;
        switch (fault?.Kind)
        {
            case FaultKind.Kill:
                Note($"killed at {instant}");
                Die();
                break;
            case FaultKind.Hang:
                Note($"hangs at {instant}");
                Hang(fault);
                break;
            case FaultKind.TimeUp:
                Note($"out of time at {instant}");
                await _wallClock.CancelAsync();
                break;
        }

        await StandAsync(instant);
        return fault;
    }

    /// <summary>Its work is done: a tool that was cut off may still be running, but its lease may be another's by now.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _left = true;
        }
    }

    /// <summary>What was about to happen has happened.</summary>
    public void Did(string what)
    {
        Note(what);
        if (_hung)
        {
            _settled.TrySetResult();
        }
    }

    public async Task WakeAsync()
    {
        Note("wakes up");
        if (_renews)
        {
            await lease.RenewAsync(CancellationToken.None);
        }

        _wake.TrySetResult();
        await _settled.Task;
    }

    public void Note(string what) => episode.Note($"process {number}: {what}");

    public void Asks(List<ChatMessage> messages)
    {
        episode.Ledger.Asked(messages);
        if (SeenTranscript.Rounds(messages) < RoundsFound)
        {
            episode.Ledger.Violate("a reply that stands in the journal was asked for again");
        }
    }

    public async Task<string> MakeAsync(string tool, ToolEffect effect, string text, ToolCallContext context)
    {
        await StandAsync(Instant.BeforeEffect);
        var entered = $"{tool} is called for {context.CallId}";
        episode.Ledger.Entered(this, effect, context);
        await AtAsync(Instant.BeforeEffect);
        var refuses = text.StartsWith(nameof(Behaviour.Refuses), StringComparison.Ordinal);
        if (!refuses)
        {
            episode.Ledger.Took(effect, tool, text, context);
        }

        Did(entered);
        await AtAsync(Instant.AfterEffect);
        return refuses ? throw new ToolException($"{tool} does not want {text}.")
            : text.StartsWith(nameof(Behaviour.Throws), StringComparison.Ordinal) ? throw new InvalidOperationException("Scripted failure.")
            : $"{tool} {text}{CountingTools.ResultOf}{context.CallId}";
    }

    private void Hang(Fault fault)
    {
        lock (_gate)
        {
            if (_left)
            {
                return;
            }

            lease.Lapse();
            _renews = fault.Renews;
            _hung = true;
            episode.Sleeps(this, fault.WakesAfter);
            _gone.TrySetResult();
        }
    }

    private void Die()
    {
        lock (_gate)
        {
            if (!_left && !_hung)
            {
                _left = _dead = true;
                _gone.TrySetResult();
            }
        }
    }

    // Of a process that is gone nothing happens any more; one that hangs goes on when it wakes up.
    private async ValueTask StandAsync(Instant instant)
    {
        if (_dead)
        {
            await new TaskCompletionSource().Task;
        }

        if (_hung)
        {
            await _wake.Task;
            if (instant is not (Instant.BeforeAppend or Instant.BeforeEffect))
            {
                _settled.TrySetResult();
            }
        }
    }
}
