using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Sessions;

namespace AgentPlatform.Executor.Runs;

/// <summary>A run about to start: the request, the agent version it stays on, and its place in a conversation.</summary>
/// <param name="Turn">From 1; null without a session.</param>
/// <param name="History">Earlier turns the model will see, oldest first.</param>
internal sealed record RunTicket(RunRequest Request, AgentDefinition Agent, int? Turn, IReadOnlyList<ConversationTurn> History)
{
    /// <summary>How long the message has waited for its turn.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>What was set aside for it.</summary>
    public RunBounds Bounds { get; init; }

    /// <summary>Results that anybody may have written are in the conversation.</summary>
    public bool Untrusted { get; init; }

    /// <summary>What the conversation was about before <see cref="History"/>; null when the agent keeps no summary.</summary>
    public string? Summary { get; init; }
}
