using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Tools;

namespace AgentPlatform.Executor.Runs;

/// <summary>A call that may run now.</summary>
/// <param name="Started">Its intent is in the journal already.</param>
internal sealed record PlannedCall(ToolCall Call, AgentTool Tool, bool Started);

/// <summary>A result that no tool produced, and why.</summary>
internal sealed record SyntheticResult(ToolCall Call, ToolErrorKind Error, string Text);
