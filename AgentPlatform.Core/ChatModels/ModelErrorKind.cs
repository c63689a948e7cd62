namespace AgentPlatform.Core.ChatModels;

/// <summary>Why a model call failed.</summary>
public enum ModelErrorKind
{
    /// <summary>429: too many requests, or the account's quota is used up.</summary>
    RateLimited,

    /// <summary>5xx.</summary>
    ServerError,

    /// <summary>No answer in time, 408 included.</summary>
    Timeout,

    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>401 or 403.</summary>
    Unauthorized,

    /// <summary>The conversation is longer than the model takes.</summary>
    ContextOverflow,

    /// <summary>The provider refused the content.</summary>
    ContentFilter,

    /// <summary>Any other 4xx: wrong model name, unsupported option.</summary>
    BadRequest,

    /// <summary>The answer is not what the protocol promises, or ended in the middle.</summary>
    BadReply,
}
