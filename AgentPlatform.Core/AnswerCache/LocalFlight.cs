namespace AgentPlatform.Core.AnswerCache;

/// <summary>One question being answered: the leader reports, the others wait.</summary>
public sealed class LocalFlight<TResult>(Guid runId)
    where TResult : class
{
    private readonly TaskCompletionSource<TResult?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The run that answers it, for a waiter whose leader left.</summary>
    public Guid RunId { get; } = runId;

    /// <summary>What the leader learned; null when it left before that, as when its caller hung up.</summary>
    public Task<TResult?> Result => _result.Task;

    public void Report(TResult result) => _result.TrySetResult(result);

    internal void Leave() => _result.TrySetResult(null);
}
