using AgentPlatform.Api.Streaming;

namespace AgentPlatform.Api.Idempotency;

/// <summary>What came of a request that came with a key, and what is to become of the key.</summary>
internal sealed record KeyedOutcome(Delivery Delivery, KeyFate Fate);

internal enum KeyFate
{
    /// <summary>Every repetition gets this answer.</summary>
    Settle,

    /// <summary>Nothing was done: the next request with the key is the first.</summary>
    Release,

    /// <summary>Something may be under way: the next request with the key joins it.</summary>
    Leave,

    /// <summary>The run ended because nobody was there: the request is made anew.</summary>
    Renew,
}
