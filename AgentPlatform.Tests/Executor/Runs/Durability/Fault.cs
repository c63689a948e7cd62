namespace AgentPlatform.Tests.Executor.Runs.Durability;

internal enum FaultKind
{
    /// <summary>The process is gone: nothing of it happens any more.</summary>
    Kill,

    /// <summary>The process stands still, loses its lease, and wakes up while others are at work on the run.</summary>
    Hang,

    /// <summary>The append is stored, the answer is lost, and it is sent again.</summary>
    LoseAcknowledgement,

    /// <summary>The run's wall clock is over.</summary>
    TimeUp,
}

/// <param name="After">Instants of whoever owns the run, counted from the fault before.</param>
/// <param name="WakesAfter">For a hang: instants of later owners until it goes on.</param>
/// <param name="Renews">For a hang: it has its lease again, under a later epoch, when it goes on.</param>
internal sealed record Fault(FaultKind Kind, int After, int WakesAfter, bool Renews)
{
    public override string ToString() =>
        Kind == FaultKind.Hang ? $"Hang+{After} wakes+{WakesAfter}{(Renews ? " renewed" : "")}" : $"{Kind}+{After}";
}
