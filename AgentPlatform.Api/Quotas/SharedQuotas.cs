using AgentPlatform.Core.Redis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AgentPlatform.Api.Quotas;

/// <summary>Counts in Redis, for all API processes together: one round trip a request, and one at its end that nobody waits for.</summary>
internal sealed partial class SharedQuotas : IDisposable
{
    private readonly IConnectionMultiplexer _redis;
    private readonly GuardedRedis _guarded;
    private readonly QuotaOptions _options;
    private readonly ILogger<SharedQuotas> _logger;

    public SharedQuotas(IConnectionMultiplexer redis, IOptions<QuotaOptions> options, TimeProvider timeProvider, ILogger<SharedQuotas> logger)
    {
        (_redis, _options, _logger) = (redis, options.Value, logger);
        _guarded = new GuardedRedis(
            redis, new RedisPatience(_options.Deadline, _options.RetryAfter, QuotaNames.Probe), timeProvider,
            cause => LogLost(cause, _options.OnOutage), LogFound);
    }

    private long LeaseMicroseconds => (long)_options.Lease.TotalMicroseconds;

    /// <returns>Null when Redis could not be asked, or did not answer in time: it may have counted then.</returns>
    public async Task<Counted?> TakeAsync(Quota quota, string tenant, string caller, string place, CancellationToken cancellationToken)
    {
        RedisKey[] keys = [QuotaNames.Bucket(tenant, caller), QuotaNames.Places(tenant)];
        RedisValue[] values = [quota.Interval, quota.Burst, quota.Concurrent ?? 0, LeaseMicroseconds, place];
        var (reached, result) = await _guarded.TryAsync(database => database.ScriptEvaluateAsync(QuotaScripts.Take, keys, values), cancellationToken);
        if (!reached)
        {
            return null;
        }

        var numbers = (long[])result!;
        QuotaKind? refused = numbers[0] switch { 0 => null, 1 => QuotaKind.Requests, _ => QuotaKind.Concurrent };
        return new Counted(refused, TimeSpan.FromMicroseconds(numbers[1]), TimeSpan.FromMicroseconds(numbers[2]), numbers[3]);
    }

    /// <summary>Sent in the order of the calls, without waiting. What is lost on the way ends with its lease.</summary>
    public void Renew(string tenant, IReadOnlyCollection<string> places)
    {
        if (_guarded.IsUp && _redis.IsConnected)
        {
            _redis.GetDatabase().ScriptEvaluate(
                QuotaScripts.Renew, [QuotaNames.Places(tenant)], [LeaseMicroseconds, .. places.Select(place => (RedisValue)place)], CommandFlags.FireAndForget);
        }
    }

    /// <summary>As <see cref="Renew"/>.</summary>
    public void Release(string tenant, string place)
    {
        if (_redis.IsConnected)
        {
            _redis.GetDatabase().SortedSetRemove(QuotaNames.Places(tenant), place, CommandFlags.FireAndForget);
        }
    }

    public void Dispose() => _guarded.Dispose();

    [LoggerMessage(LogLevel.Warning, "Quotas cannot be counted together ({Cause}): until Redis is back they are {OnOutage}", EventName = "quotas_unshared")]
    private partial void LogLost(string cause, OnOutage onOutage);

    [LoggerMessage(LogLevel.Information, "Quotas are counted together again", EventName = "quotas_shared")]
    private partial void LogFound();
}
