namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>One time a tool did something.</summary>
internal sealed record TakenEffect(ToolEffect Effect, string Tool, string Text, string CallId, string Key);
