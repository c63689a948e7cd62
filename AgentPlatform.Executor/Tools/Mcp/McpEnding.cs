namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>How one call ended.</summary>
/// <param name="Text">For the model.</param>
/// <param name="Error">Null: the server has done it.</param>
/// <param name="ServerFailed">The server's own trouble, not the call's.</param>
internal sealed record McpEnding(string Text, ToolErrorKind? Error = null, bool ServerFailed = false);
