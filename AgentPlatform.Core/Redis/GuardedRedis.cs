using StackExchange.Redis;

namespace AgentPlatform.Core.Redis;

/// <summary>
/// Redis under a deadline. A failure is a value, not an exception. After one nobody asks any more, so that a loss costs each question one
/// deadline at most, until a probe in the background has been answered; an outage is told once, not once a request.
/// </summary>
public sealed class GuardedRedis : IDisposable
{
    private readonly IConnectionMultiplexer _redis;
    private readonly RedisPatience _patience;
    private readonly TimeProvider _timeProvider;
    private readonly Action<string> _onLost;
    private readonly Action _onFound;
    private readonly CancellationTokenSource _disposing = new();
    private readonly CancellationToken _disposed;
    private int _down;

    /// <param name="onLost">Called once for an outage, with its cause.</param>
    /// <param name="onFound">Called when it is over.</param>
    public GuardedRedis(IConnectionMultiplexer redis, RedisPatience patience, TimeProvider timeProvider, Action<string> onLost, Action onFound)
    {
        (_redis, _patience, _timeProvider, _onLost, _onFound) = (redis, patience, timeProvider, onLost, onFound);
        _disposed = _disposing.Token;
    }

    /// <summary>False from a failure until a probe has been answered.</summary>
    public bool IsUp => Volatile.Read(ref _down) == 0;

    /// <returns>Whether Redis answered in time, and what.</returns>
    public Task<(bool Reached, T? Value)> TryAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancellationToken) =>
        IsUp ? InsistAsync(command, _patience.Deadline, cancellationToken) : Task.FromResult<(bool, T?)>(default);

    /// <summary>Asks also while nobody else does, and for as long as it is told: for what cannot be done without Redis.</summary>
    /// <returns>Whether Redis answered in time, and what.</returns>
    public async Task<(bool Reached, T? Value)> InsistAsync<T>(Func<IDatabase, Task<T>> command, TimeSpan deadline, CancellationToken cancellationToken)
    {
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

        _onLost(cause);
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
                await Task.Delay(_patience.RetryAfter, _timeProvider, _disposed);
                (_, lost) = await AskAsync(
                    database => database.StringSetAsync(_patience.ProbeName, RedisValue.EmptyString, _patience.RetryAfter), _patience.Deadline, _disposed);
            }
            while (lost is not null);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        _onFound();
        Volatile.Write(ref _down, 0);
    }
}
