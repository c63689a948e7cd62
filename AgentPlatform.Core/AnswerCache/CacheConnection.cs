using AgentPlatform.Core.Faults;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>
/// Redis under a deadline. A failure is a value, not an exception; after one, calls are skipped except for one probe in
/// <see cref="AnswerCacheOptions.RetryAfter"/>, and an outage is told once, not once a request.
/// </summary>
internal sealed partial class CacheConnection(
    IConnectionMultiplexer redis, AnswerCacheOptions options, TimeProvider timeProvider, ILogger logger)
{
    private const long Never = 0;

    // Timestamp of the next probe; Never while all is well.
    private long _probeAt = Never;
    private int _down;

    /// <returns>Whether Redis answered in time, and what.</returns>
    public async Task<(bool Reached, T? Value)> TryAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancellationToken)
    {
        if (FaultScope.Current?.Take(FaultPoint.Cache) is not null || !MayTry())
        {
            return default;
        }

        // Without this look the command would wait in the client's backlog and be sent after the outage, long given up.
        if (!redis.IsConnected)
        {
            Lost("not connected");
            return default;
        }

        try
        {
            var value = await command(redis.GetDatabase()).WaitAsync(options.Deadline, timeProvider, cancellationToken);
            Found();
            return (true, value);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            Lost(exception.Message);
            return default;
        }
    }

    private bool MayTry()
    {
        var probeAt = Volatile.Read(ref _probeAt);
        if (probeAt == Never)
        {
            return true;
        }

        return timeProvider.GetTimestamp() >= probeAt
            && Interlocked.CompareExchange(ref _probeAt, NextProbe(), probeAt) == probeAt;
    }

    private long NextProbe() =>
        timeProvider.GetTimestamp() + (long)(options.RetryAfter.TotalSeconds * timeProvider.TimestampFrequency);

    private void Lost(string cause)
    {
        Volatile.Write(ref _probeAt, NextProbe());
        if (Interlocked.Exchange(ref _down, 1) == 0)
        {
            LogLost(cause);
        }
    }

    private void Found()
    {
        if (Volatile.Read(ref _down) == 1 && Interlocked.Exchange(ref _down, 0) == 1)
        {
            Volatile.Write(ref _probeAt, Never);
            LogFound();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, EventName = "cache_unavailable",
        Message = "The answer cache cannot be reached ({Cause}); every question is answered without it until it is back")]
    private partial void LogLost(string cause);

    [LoggerMessage(Level = LogLevel.Information, EventName = "cache_available", Message = "The answer cache is back")]
    private partial void LogFound();
}
