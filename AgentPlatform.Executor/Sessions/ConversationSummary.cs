namespace AgentPlatform.Executor.Sessions;

/// <summary>What a conversation was about up to some turn, in the words of an agent's model.</summary>
/// <param name="Turns">The last turn it covers.</param>
internal sealed record ConversationSummary(string Text, int Turns);
