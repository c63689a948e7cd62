namespace AgentPlatform.Executor.Sessions;

/// <summary>A finished turn as the model sees it.</summary>
/// <param name="Turn">From 1.</param>
/// <param name="Answer">What the person was told.</param>
internal sealed record ConversationTurn(int Turn, string Question, string Answer);
