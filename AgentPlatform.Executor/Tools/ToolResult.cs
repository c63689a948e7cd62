using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Executor.Tools;

/// <summary>What one call gave: always a text the model may see.</summary>
internal sealed record ToolResult(string Text, ToolErrorKind? Error, bool Truncated, TimeSpan Duration);

/// <summary>Of which run a call is part.</summary>
/// <param name="CallId">With the run id it makes the idempotency key <c>run_id:call_id</c>.</param>
internal sealed record ToolCallContext(string TenantId, Guid RunId, string CallId, string Agent, string? SessionId)
{
    public string IdempotencyKey => $"{RunId}:{CallId}";
}
