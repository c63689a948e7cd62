using AgentPlatform.Api.Agent;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>Cancels when nothing was heard for too long or the deadline passed, and remembers which of the two it was.</summary>
internal sealed class Patience : IDisposable
{
    private readonly Deadline _deadline;
    private readonly TimeSpan _silence;
    private readonly CancellationTokenSource _ranOut;
    private readonly CancellationTokenSource _either;

    public Patience(Deadline deadline, TimeSpan silence, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        _deadline = deadline;
        _silence = silence;
        _ranOut = new CancellationTokenSource(NextLimit(), timeProvider);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_ranOut.Token, cancellationToken);
    }

    public CancellationToken Token => _either.Token;

    public bool RanOut => _ranOut.IsCancellationRequested;

    /// <summary>The deadline was the nearer limit when it ran out.</summary>
    public bool AtDeadline { get; private set; }

    /// <summary>Something was heard.</summary>
    public void Renew() => _ranOut.CancelAfter(NextLimit());

    /// <summary>Until <see cref="Renew"/> it is not the executor that keeps us waiting.</summary>
    public void Pause() => _ranOut.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _either.Dispose();
        _ranOut.Dispose();
    }

    private TimeSpan NextLimit()
    {
        var remaining = _deadline.Remaining;
        AtDeadline = remaining <= _silence;
        return AtDeadline ? remaining : _silence;
    }
}
