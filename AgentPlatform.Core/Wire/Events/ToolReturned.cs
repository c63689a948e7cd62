using System.Text.Json.Serialization;

namespace AgentPlatform.Core.Wire.Events;

/// <summary>The one result of one call, as the model sees it.</summary>
public sealed record ToolReturned : RunEvent
{
    public required string CallId { get; init; }

    public required string Tool { get; init; }

    public required string Result { get; init; }

    /// <summary>Null for a success, else what kind of failure the text tells of.</summary>
    public ToolErrorKind? Error { get; init; }

    /// <summary>True when no tool produced it: the call was interrupted, cancelled or never made.</summary>
    public bool Synthetic { get; init; }

    /// <summary>Anybody may have written the result, as the tool was declared when it was called.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Untrusted { get; init; }

    /// <summary>True when the tool's result was longer than its cap.</summary>
    public bool Truncated { get; init; }

    public long DurationMs { get; init; }
}
