namespace AgentPlatform.Core.Wire.Events;

/// <summary>The intent to call a tool. Durable before the call for effects that need it.</summary>
public sealed record ToolStarted : RunEvent
{
    public required string CallId { get; init; }

    public required string Tool { get; init; }

    /// <summary>The declared effect when the call was made; a later change of the tool does not change the past.</summary>
    public required ToolEffect Effect { get; init; }
}
