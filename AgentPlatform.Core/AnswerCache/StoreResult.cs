namespace AgentPlatform.Core.AnswerCache;

/// <summary>What became of an answer that was to be stored.</summary>
public enum StoreResult
{
    Stored,

    /// <summary>The agent's answers were removed after the run that made this one had begun.</summary>
    Removed,

    /// <summary>The cache could not be reached.</summary>
    Unavailable,
}
