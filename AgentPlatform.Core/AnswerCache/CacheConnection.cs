using AgentPlatform.Core.Faults;
using AgentPlatform.Core.Redis;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>The answer cache's <see cref="GuardedRedis"/>: tells its outages, and can be made to fail for a question that asks for it.</summary>
internal sealed partial class CacheConnection : IDisposable
{
    private const string ProbeName = "answer:probe";

    private readonly GuardedRedis _redis;
    private readonly ILogger _logger;

    public CacheConnection(IConnectionMultiplexer redis, AnswerCacheOptions options, TimeProvider timeProvider, ILogger logger)
    {
        _logger = logger;
        _redis = new GuardedRedis(redis, new RedisPatience(options.Deadline, options.RetryAfter, ProbeName), timeProvider, LogLost, LogFound);
    }

    /// <returns>Whether Redis answered in time, and what.</returns>
    public Task<(bool Reached, T? Value)> TryAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancellationToken) =>
        IsFaulty() ? Task.FromResult<(bool, T?)>(default) : _redis.TryAsync(command, cancellationToken);

    /// <summary>Asks also while questions pass the cache by, and for longer: for what cannot be done without it.</summary>
    /// <returns>Whether Redis answered in time, and what.</returns>
    public Task<(bool Reached, T? Value)> InsistAsync<T>(Func<IDatabase, Task<T>> command, TimeSpan deadline, CancellationToken cancellationToken) =>
        IsFaulty() ? Task.FromResult<(bool, T?)>(default) : _redis.InsistAsync(command, deadline, cancellationToken);

    public void Dispose() => _redis.Dispose();

    private static bool IsFaulty() => FaultScope.Current?.Take(FaultPoint.Cache) is not null;

    [LoggerMessage(Level = LogLevel.Warning, EventName = "cache_unavailable",
        Message = "The answer cache cannot be reached ({Cause}); every question is answered without it until it is back")]
    private partial void LogLost(string cause);

    [LoggerMessage(Level = LogLevel.Information, EventName = "cache_available", Message = "The answer cache is back")]
    private partial void LogFound();
}
