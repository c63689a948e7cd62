namespace AgentPlatform.Core.ChatModels;

/// <summary>Gives one attempt up when its model has been silent for too long: first until the reply begins, then between its pieces.</summary>
internal sealed class AttemptPatience : IDisposable
{
    private readonly ModelLimits _limits;
    private readonly CancellationTokenSource _silent;
    private readonly CancellationTokenSource _either;

    public AttemptPatience(ModelLimits limits, TimeProvider time, CancellationToken cancellationToken)
    {
        _limits = limits;
        _silent = new CancellationTokenSource(limits.AttemptTimeout, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_silent.Token, cancellationToken);
    }

    public CancellationToken Token => _either.Token;

    /// <summary>A piece has arrived.</summary>
    public void Renew() => _silent.CancelAfter(_limits.StreamTimeout);

    public void Dispose()
    {
        _either.Dispose();
        _silent.Dispose();
    }
}
