namespace AgentPlatform.Api.Cache;

/// <summary>What was removed from the cache.</summary>
/// <param name="Removed">How many answers; one counts once, whether it was fresh, stale or both.</param>
internal sealed record RemovedAnswers(long Removed);
