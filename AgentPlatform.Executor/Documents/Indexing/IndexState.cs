namespace AgentPlatform.Executor.Documents.Indexing;

/// <summary>How far this executor knows the index to be.</summary>
internal sealed class IndexState
{
    private volatile bool _isComplete;

    /// <summary>The folders were gone through once since the start; before that, what is not found may still come.</summary>
    public bool IsComplete
    {
        get => _isComplete;
        set => _isComplete = value;
    }
}
