namespace AgentPlatform.Tools;

/// <summary>
/// What a tool does to the world. The word decides whether an answer may be cached, whether calls run in parallel,
/// whether an interrupted call is repeated, and whether the intent is committed before the call.
/// </summary>
public enum ToolEffect
{
    /// <summary>Deterministic and without any effect: cacheable, parallel, repeatable.</summary>
    Pure,

    /// <summary>Reads the world: parallel, repeatable; cacheable only where the agent allows it.</summary>
    Read,

    /// <summary>A write that honours an idempotency key: repeated with the same key, intent first.</summary>
    Idempotent,

    /// <summary>Any other write: intent first, never repeated; a crash in between leaves <c>outcome_unknown</c>.</summary>
    Write,
}
