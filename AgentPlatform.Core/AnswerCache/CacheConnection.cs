using AgentPlatform.Core.Faults;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>
/// Redis under a deadline. A failure is a value, not an exception. After one nobody asks any more, so that a loss costs each question one
/// deadline at most, until a probe in the background has been answered; an outage is told once, not once a request.
/// </summary>
internal sealed partial class CacheConnection : IDisposable
{
    private const string ProbeName = "answer:probe";

    private readonly IConnectionMultiplexer _redis;
    private readonly AnswerCacheOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _disposing = new();
    private readonly CancellationToken _disposed;
    private int _down;

    public CacheConnection(IConnectionMultiplexer redis, AnswerCacheOptions options, TimeProvider timeProvider, ILogger logger)
    {
        (_redis, _options, _timeProvider, _logger) = (redis, options, timeProvider, logger);
        _disposed = _disposing.Token;
    }

    /// <returns>Whether Redis answered in time, and what.</returns>
    public Task<(bool Reached, T? Value)> TryAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancellationToken) =>
        Volatile.Read(ref _down) == 1 ? Task.FromResult<(bool, T?)>(default) : InsistAsync(command, _options.Deadline, cancellationToken);

    /// <summary>Asks also while questions pass the cache by, and for longer: for what cannot be done without it.</summary>
    /// <returns>Whether Redis answered in time, and what.</returns>
    public async Task<(bool Reached, T? Value)> InsistAsync<T>(Func<IDatabase, Task<T>> command, TimeSpan deadline, CancellationToken cancellationToken)
    {
        if (FaultScope.Current?.Take(FaultPoint.Cache) is not null)
        {
            return default;
        }

        var (value, lost) = await AskAsync(command, deadline, cancellationToken);
        if (lost is not null)
        {
            Lost(lost);
        }

        return (lost is null, value);
    }

    public void Dispose()
    {
        _disposing.Cancel();
        _disposing.Dispose();
    }

    private async Task<(T? Value, string? Lost)> AskAsync<T>(Func<IDatabase, Task<T>> command, TimeSpan deadline, CancellationToken cancellationToken)
    {
        // Without this look the command would wait in the client's backlog and be sent after the outage, long given up.
        if (!_redis.IsConnected)
        {
            return (default, "not connected");
        }

        try
        {
            return (await command(_redis.GetDatabase()).WaitAsync(deadline, _timeProvider, cancellationToken), null);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException
            // A connection that ends cancels what was under way, on nobody's wish.
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (default, exception.Message);
        }
    }

    private void Lost(string cause)
    {
        if (Interlocked.Exchange(ref _down, 1) == 1)
        {
            return;
        }

        LogLost(cause);
        // Of no request: neither its trace nor its log scope belongs to what comes after it.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(ProbeAsync, CancellationToken.None);
        }
    }

    /// <summary>Asks from time to time until there is an answer. A write, because a server that can only be read is of no use here.</summary>
    private async Task ProbeAsync()
    {
        try
        {
            string? lost;
            do
            {
                await Task.Delay(_options.RetryAfter, _timeProvider, _disposed);
                (_, lost) = await AskAsync(
                    database => database.StringSetAsync(ProbeName, RedisValue.EmptyString, _options.RetryAfter), _options.Deadline, _disposed);
            }
            while (lost is not null);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        LogFound();
        Volatile.Write(ref _down, 0);
    }

    [LoggerMessage(Level = LogLevel.Warning, EventName = "cache_unavailable",
        Message = "The answer cache cannot be reached ({Cause}); every question is answered without it until it is back")]
    private partial void LogLost(string cause);

    [LoggerMessage(Level = LogLevel.Information, EventName = "cache_available", Message = "The answer cache is back")]
    private partial void LogFound();
}
