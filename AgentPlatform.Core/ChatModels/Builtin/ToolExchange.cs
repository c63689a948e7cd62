namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>A tool call since the last question, with its result.</summary>
internal sealed record ToolExchange(string Tool, IReadOnlyDictionary<string, object?> Arguments, ToolResult Result);
