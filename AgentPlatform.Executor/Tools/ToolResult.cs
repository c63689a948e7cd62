namespace AgentPlatform.Executor.Tools;

/// <summary>What one call gave: always a text the model may see.</summary>
internal sealed record ToolResult(string Text, ToolErrorKind? Error, bool Truncated, TimeSpan Duration);
