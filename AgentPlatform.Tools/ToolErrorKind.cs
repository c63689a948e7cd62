namespace AgentPlatform.Tools;

/// <summary>Why a tool call gave an error text instead of a result.</summary>
public enum ToolErrorKind
{
    UnknownTool,
    InvalidArguments,
    Timeout,
    Failed,
    Refused,
    Denied,
    Limit,
    Interrupted,

    /// <summary>A <c>write</c> that did not tell how it ended: it may have taken effect.</summary>
    OutcomeUnknown,
}
