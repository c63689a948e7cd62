using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Degradation;

/// <summary>Says that an answer is not the agent's own full answer, what it is instead, and why.</summary>
/// <param name="Level">What the answer is.</param>
/// <param name="Reason">Why the run could not give its own.</param>
/// <param name="Tried">Every rung that was tried, in order.</param>
/// <param name="Recorded">Whether the session knows what the person was told; null without a session.</param>
internal sealed record Degraded(DegradationLevel Level, FailureReason Reason, IReadOnlyList<TriedRung> Tried, bool? Recorded);

/// <summary>What a degraded answer is, from best to worst.</summary>
internal enum DegradationLevel
{
    /// <summary>The full answer, after the run had to be taken up at another executor.</summary>
    Retried,

    /// <summary>Written by a fallback model.</summary>
    FallbackModel,

    /// <summary>An earlier answer past its time.</summary>
    Stale,

    /// <summary>The model alone, without tools.</summary>
    Direct,

    /// <summary>What finished steps, or a run cut by a limit, gave.</summary>
    Partial,

    /// <summary>The fixed sentence.</summary>
    Default,
}

/// <summary>One rung of the ladder and how it went.</summary>
/// <param name="Ms">Milliseconds it took.</param>
internal sealed record TriedRung(Rung Rung, RungOutcome Outcome, long Ms);

/// <summary>The rungs the API climbs down, in order.</summary>
internal enum Rung
{
    Reattach,
    Stale,
    Direct,
    Partial,
    Default,
}

internal enum RungOutcome
{
    Ok,
    Miss,
    Failed,
    Timeout,
    Skipped,
}
