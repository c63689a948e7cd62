using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Executor.Sessions;

/// <summary>What the session's writer needs to know before it takes the next question.</summary>
/// <param name="Exists">The session has a row; a question may create one.</param>
/// <param name="NextTurn">Number of the next turn, from 1.</param>
/// <param name="Open">Runs that have not ended and do not wait for a person, in the order of their turns: at most one at work, the others queued.</param>
/// <param name="Turns">The newest finished turns that told the person something, or broke off in a way the next must know of; oldest first.</param>
internal sealed record SessionSnapshot(bool Exists, int NextTurn, IReadOnlyList<OpenTurn> Open, IReadOnlyList<FinishedTurn> Turns)
{
    /// <summary>The run of the newest turn, open or not; null before the first.</summary>
    public Guid? LastRunId { get; init; }

    /// <summary>Results that anybody may have written are in the conversation.</summary>
    public bool Untrusted { get; init; }

    /// <summary>What the older turns were about; null when no agent of this session asked for a summary.</summary>
    public ConversationSummary? Summary { get; init; }
}

/// <summary>The turn whose run still goes on, or whose process is gone.</summary>
internal sealed record OpenTurn(Guid RunId, int Turn, string Agent, string Question, bool Background);

/// <summary>One exchange of the conversation.</summary>
/// <param name="Answer">What the person was told: the run's answer, or the ladder's.</param>
/// <param name="Brought">What the caller brought instead of a plain question, or null.</param>
/// <param name="HandedOver">Calls that were the caller's to make, or null.</param>
/// <param name="Untrusted">Results that anybody may have written are behind it.</param>
internal sealed record FinishedTurn(
    int Turn,
    Guid RunId,
    string Agent,
    string Question,
    string Answer,
    IReadOnlyList<BroughtMessage>? Brought = null,
    IReadOnlyList<ToolCall>? HandedOver = null,
    bool Untrusted = false);
