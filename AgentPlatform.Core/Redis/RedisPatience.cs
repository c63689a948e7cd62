namespace AgentPlatform.Core.Redis;

/// <param name="Deadline">How long one call may take.</param>
/// <param name="RetryAfter">Between two probes while Redis is away.</param>
/// <param name="ProbeName">The key that probes write.</param>
public sealed record RedisPatience(TimeSpan Deadline, TimeSpan RetryAfter, string ProbeName);
