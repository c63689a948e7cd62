namespace AgentPlatform.Core.Faults;

/// <summary>What goes wrong.</summary>
public enum FaultKind
{
    /// <summary>Nothing comes back.</summary>
    Stall,

    /// <summary>It comes late.</summary>
    Latency,

    /// <summary>There is nobody.</summary>
    Away,

    /// <summary>A tool throws.</summary>
    Error,

    /// <summary>Status 429.</summary>
    RateLimited,

    /// <summary>Status 500.</summary>
    ServerError,

    /// <summary>Status 400: the provider refuses the content.</summary>
    ContentFilter,

    /// <summary>Status 400: the conversation is too long.</summary>
    ContextOverflow,

    /// <summary>A tool call whose arguments are no JSON.</summary>
    MalformedArguments,

    /// <summary>The reply breaks off in the middle.</summary>
    TruncatedStream,

    /// <summary>The reply stops in the middle, and the connection stays open.</summary>
    StalledStream,

    /// <summary>Far more text than anybody asked for.</summary>
    LargeOutput,
}
