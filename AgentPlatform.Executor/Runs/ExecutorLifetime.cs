namespace AgentPlatform.Executor.Runs;

/// <summary>When this process begins to stop, and when its time to finish is over.</summary>
internal sealed class ExecutorLifetime : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Cancelled when runs that are still open must be left to others.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public void StopNow() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();
}
