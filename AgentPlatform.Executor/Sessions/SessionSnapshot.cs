namespace AgentPlatform.Executor.Sessions;

/// <summary>What the session's writer needs to know before it takes the next question.</summary>
/// <param name="Exists">The session has a row; a question may create one.</param>
/// <param name="NextTurn">Number of the next turn, from 1.</param>
/// <param name="Open">The run that was at work when last heard of; of several, which must not be, the first.</param>
/// <param name="Turns">The newest finished turns that told the person something, or broke off in a way the next must know of; oldest first.</param>
internal sealed record SessionSnapshot(bool Exists, int NextTurn, OpenTurn? Open, IReadOnlyList<FinishedTurn> Turns)
{
    /// <summary>Runs that stand beside the one at work: queued, or waiting for a person; oldest first.</summary>
    public IReadOnlyList<OpenTurn> Waiting { get; init; } = [];

    /// <summary>What the older turns were about; null when no agent of this session asked for a summary.</summary>
    public ConversationSummary? Summary { get; init; }
}

/// <summary>The turn whose run still goes on, or whose process is gone.</summary>
internal sealed record OpenTurn(Guid RunId, int Turn);

/// <summary>One exchange of the conversation.</summary>
/// <param name="Answer">What the person was told: the run's answer, or the ladder's.</param>
internal sealed record FinishedTurn(int Turn, Guid RunId, string Agent, string Question, string Answer);
