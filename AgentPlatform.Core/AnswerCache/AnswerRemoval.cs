using System.Buffers.Binary;
using StackExchange.Redis;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>
/// Takes the answers of an agent out of Redis:
/// 1. the time of the removal is written down, so that runs that are under way store nothing afterwards;
/// 2. all names of the agent, or of one version of it, are looked through and deleted, except flights.
/// Whoever stores reads the time after writing, and takes back what it should not have written: either it sees the mark, or
/// its answer was there before the look began.
/// </summary>
internal static class AnswerRemoval
{
    private const int PageSize = 512;

    /// <summary>The field of a removal of all versions; no digest is so short.</summary>
    private const string AllVersions = "*";

    private const string DeleteAnswer =
        $"""
        local n=0
        if redis.call('GETRANGE',KEYS[1],0,#'{CacheEntry.FlightPrefix}'-1)~='{CacheEntry.FlightPrefix}' then n=redis.call('DEL',KEYS[1]) end
        return math.max(n,redis.call('DEL',KEYS[2]))
        """;

    // Longer than any run waits for its turn or for a person, and than any answer lives.
    private static readonly TimeSpan MarkLife = TimeSpan.FromDays(90);

    /// <summary>1.</summary>
    public static Task<bool[]> MarkAsync(IDatabase database, string tenantId, string agent, string? version, DateTimeOffset now)
    {
        var name = AnswerNames.Removals(tenantId, agent);
        return Task.WhenAll(
            database.HashSetAsync(name, version is null ? AllVersions : AnswerNames.VersionOf(version), now.ToUnixTimeMilliseconds()),
            database.KeyExpireAsync(name, MarkLife));
    }

    /// <summary>2.</summary>
    /// <returns>How many answers there were; one counts once, whether as fresh, as stale or as both.</returns>
    /// <exception cref="RedisException">Not everything could be looked through.</exception>
    public static async Task<long> DeleteAsync(IConnectionMultiplexer redis, string pattern, CancellationToken cancellationToken)
    {
        var database = redis.GetDatabase();
        var removed = 0L;
        foreach (var server in redis.GetServers().Where(server => !server.IsReplica))
        {
            var deleting = new List<Task<RedisResult>>(PageSize);
            await foreach (var found in server.KeysAsync(database.Database, pattern, PageSize).WithCancellation(cancellationToken))
            {
                var name = AnswerNames.FreshName(found.ToString());
                deleting.Add(database.ScriptEvaluateAsync(DeleteAnswer, [name, AnswerNames.StaleName(name)]));
                if (deleting.Count == PageSize)
                {
                    removed += await SumAsync(deleting);
                }
            }

            removed += await SumAsync(deleting);
        }

        return removed;
    }

    /// <summary>When the answers of this agent and version were removed.</summary>
    public static Task<RedisValue[]> ReadMarksAsync(IDatabase database, AnswerKey key) => database.HashGetAsync(
        AnswerNames.Removals(key.TenantId, key.Agent), [AllVersions, AnswerNames.VersionOf(key.AgentVersion)]);

    /// <summary>Whether a run had begun by the time of any of the marks.</summary>
    public static bool Covers(RedisValue[] marks, Guid runId)
    {
        var began = BeganAt(runId);
        return marks.Any(mark => mark.TryParse(out long removed) && began <= removed);
    }

    /// <summary>Unix time in milliseconds, which a UUIDv7 begins with.</summary>
    private static long BeganAt(Guid runId)
    {
        Span<byte> bytes = stackalloc byte[16];
        runId.TryWriteBytes(bytes, bigEndian: true, out _);
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
    }

    private static async Task<long> SumAsync(List<Task<RedisResult>> deleting)
    {
        var removed = (await Task.WhenAll(deleting)).Sum(result => (long)result);
        deleting.Clear();
        return removed;
    }
}
