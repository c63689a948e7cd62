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
    /// <summary>Of a removal, which nobody can do without the cache: an administrator rather waits than asks again.</summary>
    private static readonly TimeSpan RemovalDeadline = TimeSpan.FromSeconds(5);

    private const string DeleteIfMine = "return redis.call('GET',KEYS[1])==ARGV[1] and redis.call('DEL',KEYS[1]) or 0";

    private readonly IConnectionMultiplexer _multiplexer;
    private readonly CacheConnection _redis;
    private readonly RecentAnswers _recent;
    private readonly TimeProvider _timeProvider;

    public AnswerCache(
        IConnectionMultiplexer redis, IOptions<AnswerCacheOptions> options, TimeProvider timeProvider, ILogger<AnswerCache> logger)
    {
        _multiplexer = redis;
        _timeProvider = timeProvider;
        _redis = new CacheConnection(redis, options.Value, timeProvider, logger);
        _recent = new RecentAnswers(options.Value, timeProvider);
    }

    /// <summary>A fresh answer that this process saw in the last seconds, or null. Asks nobody and allocates nothing.</summary>
    public CachedAnswer? Recall(AnswerKey key) => _recent.TryFind(key, out var answer) ? answer : null;

    /// <summary>Finds the answer or the run that makes it, or takes the lead for <paramref name="flightTtl"/>. One round trip.</summary>
    /// <param name="runId">The run that will make the answer if there is none.</param>
    public async Task<AnswerLookup> LookupOrLeadAsync(
        AnswerKey key, Guid runId, TimeSpan flightTtl, CancellationToken cancellationToken)
    {
        if (Recall(key) is { } remembered)
        {
            return new AnswerLookup.Hit(remembered);
        }

        var (reached, value) = await _redis.TryAsync(
            database => database.StringSetAndGetAsync(
                AnswerNames.Name(key), CacheEntry.Flight(runId), flightTtl, when: When.NotExists),
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
        if (Recall(key) is { } remembered)
        {
            return new AnswerLookup.Hit(remembered);
        }

        var (reached, value) = await _redis.TryAsync(
            database => database.StringGetAsync(AnswerNames.Name(key)), cancellationToken);
        if (!reached)
        {
            return AnswerLookup.Unavailable.Instance;
        }

        return Remember(key, value) is { } answer ? new AnswerLookup.Hit(answer) : AnswerLookup.Lead.Instance;
    }

    /// <summary>
    /// Puts the answer in the place of the flight, with its stale copy. One round trip, and one more to take it back when the agent's
    /// answers were removed while its run was under way.
    /// </summary>
    public async Task<StoreResult> StoreAsync(
        AnswerKey key, CachedAnswer answer, AgentCachePolicy policy, CancellationToken cancellationToken)
    {
        var jitter = policy.Jitter ?? AgentCachePolicy.DefaultJitter;
        var fresh = TimeSpan.FromSeconds(policy.TtlSeconds * (1 - jitter + (2 * jitter * Random.Shared.NextDouble())));
        var now = _timeProvider.GetUtcNow();
        var kept = fresh + TimeSpan.FromSeconds(policy.StaleSeconds);
        var stamped = answer with { WrittenAt = now, FreshUntil = now + fresh, StaleUntil = now + kept };
        var (reached, isKept) = await _redis.TryAsync(
            database => WriteAsync(database, key, stamped, fresh, kept), cancellationToken);
        if (!isKept)
        {
            return reached ? StoreResult.Removed : StoreResult.Unavailable;
        }

        _recent.Add(key, stamped);
        return StoreResult.Stored;
    }

    /// <summary>Takes a flight away if it is still that of <paramref name="runId"/>: its run gave nothing to keep.</summary>
    public Task ReleaseAsync(AnswerKey key, Guid runId, CancellationToken cancellationToken) =>
        _redis.TryAsync(
            database => database.ScriptEvaluateAsync(DeleteIfMine, [AnswerNames.Name(key)], [CacheEntry.Flight(runId)]),
            cancellationToken);

    /// <summary>The last answer, fresh or not, that may stand in for a run that failed.</summary>
    public async Task<CachedAnswer?> FindStaleAsync(AnswerKey key, CancellationToken cancellationToken)
    {
        var (_, value) = await _redis.TryAsync(
            database => database.StringGetAsync(AnswerNames.StaleName(AnswerNames.Name(key))), cancellationToken);
        return CacheEntry.Read(value) is { } answer && _timeProvider.GetUtcNow() < answer.StaleUntil ? answer : null;
    }

    /// <summary>
    /// Removes a tenant's answers of an agent, fresh and stale ones. Other processes may give one they remember for
    /// <see cref="AnswerCacheOptions.RememberFor"/> longer; what a run makes that began before is not stored.
    /// </summary>
    /// <param name="version">Only what this version wrote; null for all.</param>
    /// <returns>How many there were; null when the cache could not be reached, or not to the end.</returns>
    public async Task<long?> RemoveAsync(string tenantId, string agent, string? version, CancellationToken cancellationToken)
    {
        var (marked, _) = await _redis.InsistAsync(
            database => AnswerRemoval.MarkAsync(database, tenantId, agent, version, _timeProvider.GetUtcNow()), RemovalDeadline, cancellationToken);
        if (!marked)
        {
            return null;
        }

        try
        {
            return await AnswerRemoval.DeleteAsync(_multiplexer, AnswerNames.Pattern(tenantId, agent, version), cancellationToken);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            return null;
        }
        finally
        {
            _recent.Remove(tenantId, agent, version);
        }
    }

    public void Dispose() => _redis.Dispose();

    /// <summary>Goes to its end also when nobody waits for it any longer: what must not be there is taken back.</summary>
    /// <returns>Whether it is still there.</returns>
    private static async Task<bool> WriteAsync(IDatabase database, AnswerKey key, CachedAnswer answer, TimeSpan fresh, TimeSpan kept)
    {
        var entry = CacheEntry.Write(answer);
        var name = AnswerNames.Name(key);
        var staleName = AnswerNames.StaleName(name);
        // Sent one after the other without a wait in between: the connection is a pipeline. The marks are read last.
        var writing = Task.WhenAll(database.StringSetAsync(name, entry, fresh), database.StringSetAsync(staleName, entry, kept));
        var marks = AnswerRemoval.ReadMarksAsync(database, key);
        await Task.WhenAll(writing, marks);
        if (!AnswerRemoval.Covers(await marks, answer.SourceRunId))
        {
            return true;
        }

        await Task.WhenAll(
            database.ScriptEvaluateAsync(DeleteIfMine, [name], [entry]), database.ScriptEvaluateAsync(DeleteIfMine, [staleName], [entry]));
        return false;
    }

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
