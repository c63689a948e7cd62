using AgentPlatform.Core.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>
/// Answers kept in Redis for everybody and in memory for seconds, and the flights of questions being answered right now.
/// One key holds either the fresh answer or the flight, so one <c>SET NX GET</c> finds the answer, joins the run that is
/// making it, or takes the lead. A copy under a second name lives on for the stale window. Nothing here is needed for
/// correctness: with Redis away every call says so at once and the question goes on.
/// </summary>
public sealed class AnswerCache : IDisposable
{
    private const string DeleteIfMine = "return redis.call('GET',KEYS[1])==ARGV[1] and redis.call('DEL',KEYS[1]) or 0";

    // Answers written together should not all run out together.
    private const double Jitter = 0.05;

    private readonly CacheConnection _redis;
    private readonly RecentAnswers _recent;
    private readonly TimeProvider _timeProvider;

    public AnswerCache(
        IConnectionMultiplexer redis, IOptions<AnswerCacheOptions> options, TimeProvider timeProvider, ILogger<AnswerCache> logger)
    {
        _timeProvider = timeProvider;
        _redis = new CacheConnection(redis, options.Value, timeProvider, logger);
        _recent = new RecentAnswers(options.Value, timeProvider);
    }

    /// <summary>Finds the answer or the run that makes it, or takes the lead for <paramref name="flightTtl"/>. One round trip.</summary>
    /// <param name="runId">The run that will make the answer if there is none.</param>
    public async Task<AnswerLookup> LookupOrLeadAsync(
        AnswerKey key, Guid runId, TimeSpan flightTtl, CancellationToken cancellationToken)
    {
        if (_recent.TryFind(key, out var remembered))
        {
            return new AnswerLookup.Hit(remembered);
        }

        var (reached, value) = await _redis.TryAsync(
            database => database.StringSetAndGetAsync(
                CacheEntry.Name(key), CacheEntry.Flight(runId), flightTtl, when: When.NotExists),
            cancellationToken);
        if (!reached)
        {
            return AnswerLookup.Unavailable.Instance;
        }

        if (CacheEntry.TryReadFlight(value, out var leader))
        {
            return new AnswerLookup.Flight(leader);
        }

        // An entry nobody can read is no answer; storing ours will replace it.
        return Remember(key, value) is { } answer ? new AnswerLookup.Hit(answer) : AnswerLookup.Lead.Instance;
    }

    /// <summary>Finds the answer without any flight: <c>Hit</c>, <c>Lead</c> (nothing there) or <c>Unavailable</c>.</summary>
    public async Task<AnswerLookup> LookupAsync(AnswerKey key, CancellationToken cancellationToken)
    {
        if (_recent.TryFind(key, out var remembered))
        {
            return new AnswerLookup.Hit(remembered);
        }

        var (reached, value) = await _redis.TryAsync(
            database => database.StringGetAsync(CacheEntry.Name(key)), cancellationToken);
        if (!reached)
        {
            return AnswerLookup.Unavailable.Instance;
        }

        return Remember(key, value) is { } answer ? new AnswerLookup.Hit(answer) : AnswerLookup.Lead.Instance;
    }

    /// <summary>Puts the answer in the place of the flight, with its stale copy. One round trip.</summary>
    /// <returns>Whether it is stored.</returns>
    public async Task<bool> StoreAsync(
        AnswerKey key, CachedAnswer answer, AgentCachePolicy policy, CancellationToken cancellationToken)
    {
        var fresh = TimeSpan.FromSeconds(policy.TtlSeconds * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble())));
        if (fresh < TimeSpan.FromMilliseconds(1))
        {
            return false;
        }

        var now = _timeProvider.GetUtcNow();
        var kept = fresh + TimeSpan.FromSeconds(policy.StaleSeconds);
        var stamped = answer with { WrittenAt = now, FreshUntil = now + fresh, StaleUntil = now + kept };
        var entry = CacheEntry.Write(stamped);
        var (stored, _) = await _redis.TryAsync(
            // Sent one after the other without a wait in between: the connection is a pipeline.
            database => Task.WhenAll(
                database.StringSetAsync(CacheEntry.Name(key), entry, fresh),
                database.StringSetAsync(CacheEntry.StaleName(key), entry, kept)),
            cancellationToken);
        if (stored)
        {
            _recent.Add(key, stamped);
        }

        return stored;
    }

    /// <summary>Takes a flight away if it is still that of <paramref name="runId"/>: its run gave nothing to keep.</summary>
    public Task ReleaseAsync(AnswerKey key, Guid runId, CancellationToken cancellationToken) =>
        _redis.TryAsync(
            database => database.ScriptEvaluateAsync(DeleteIfMine, [CacheEntry.Name(key)], [CacheEntry.Flight(runId)]),
            cancellationToken);

    /// <summary>The last answer, fresh or not, that may stand in for a run that failed.</summary>
    public async Task<CachedAnswer?> FindStaleAsync(AnswerKey key, CancellationToken cancellationToken)
    {
        var (_, value) = await _redis.TryAsync(
            database => database.StringGetAsync(CacheEntry.StaleName(key)), cancellationToken);
        return CacheEntry.Read(value) is { } answer && _timeProvider.GetUtcNow() < answer.StaleUntil ? answer : null;
    }

    public void Dispose() => _recent.Dispose();

    private CachedAnswer? Remember(AnswerKey key, RedisValue value)
    {
        if (CacheEntry.Read(value) is not { } answer || _timeProvider.GetUtcNow() >= answer.FreshUntil)
        {
            return null;
        }

        _recent.Add(key, answer);
        return answer;
    }
}
