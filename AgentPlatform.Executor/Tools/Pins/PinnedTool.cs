namespace AgentPlatform.Executor.Tools.Pins;

/// <summary>What a server says about one tool, with the digest by which it is known again.</summary>
/// <param name="Definition">JSON object with the description and the schema, for people who compare.</param>
internal sealed record PinnedTool(string Name, string Hash, ToolEffect Effect, string Definition);
