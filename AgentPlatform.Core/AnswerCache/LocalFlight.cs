namespace AgentPlatform.Core.AnswerCache;

/// <summary>One question being answered: the leader reports, the others wait.</summary>
public sealed class LocalFlight<TResult>(Guid runId)
    where TResult : class
{
    private readonly TaskCompletionSource<TResult?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();

    /// <summary>The run that answers it: the leader's, or the one it joined in turn.</summary>
    public Guid RunId
    {
        get
        {
            lock (_gate)
            {
                return field;
            }
        }

        set
        {
            lock (_gate)
            {
                field = value;
            }
        }
    } = runId;

    /// <summary>What the leader learned; null when it left before that, as when its caller hung up.</summary>
    public Task<TResult?> Result => _result.Task;

    /// <summary>Done when the flight is over and its key is free.</summary>
    public Task Landed => _landed.Task;

    public void Report(TResult result) => _result.TrySetResult(result);

    internal void Land()
    {
        _result.TrySetResult(null);
        _landed.TrySetResult();
    }
}
