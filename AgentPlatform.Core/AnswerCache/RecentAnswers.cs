using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>
/// The fresh answers this process saw in the last seconds, bounded in age and in bytes. Two generations: when the young one is full or as
/// old as an answer may be remembered, the one before is let go as a whole. A look-up allocates nothing.
/// </summary>
internal sealed class RecentAnswers(AnswerCacheOptions options, TimeProvider timeProvider)
{
    // What an entry costs besides its text: the objects, the key, the table's own records.
    private const int Overhead = 1024;

    private readonly Lock _gate = new();
    private volatile Generation _young = new(timeProvider.GetTimestamp());
    private volatile Generation _old = new(timeProvider.GetTimestamp());

    public bool TryFind(AnswerKey key, [NotNullWhen(true)] out CachedAnswer? answer)
    {
        answer = (_young.Entries.TryGetValue(key, out var entry) || _old.Entries.TryGetValue(key, out entry))
            && timeProvider.GetElapsedTime(entry.Since) < options.RememberFor
            && timeProvider.GetUtcNow() < entry.Answer.FreshUntil
                ? entry.Answer
                : null;
        return answer is not null;
    }

    public void Add(AnswerKey key, CachedAnswer answer)
    {
        var size = Overhead + ((long)answer.Answer.Length * sizeof(char)) + (answer.Output?.GetRawText().Length ?? 0);
        var bound = options.RememberBytes / 2;
        if (options.RememberFor == TimeSpan.Zero || size > bound)
        {
            return;
        }

        var now = timeProvider.GetTimestamp();
        lock (_gate)
        {
            if (_young.Bytes + size > bound || timeProvider.GetElapsedTime(_young.Since, now) >= options.RememberFor)
            {
                _old = _young;
                _young = new Generation(now);
            }

            _young.Bytes += size;
            _young.Entries[key] = new Entry(answer, now);
        }
    }

    /// <param name="version">Only of this version; null for any.</param>
    public void Remove(string tenantId, string agent, string? version)
    {
        lock (_gate)
        {
            _young.Remove(tenantId, agent, version);
            _old.Remove(tenantId, agent, version);
        }
    }

    private readonly record struct Entry(CachedAnswer Answer, long Since);

    private sealed class Generation(long since)
    {
        public ConcurrentDictionary<AnswerKey, Entry> Entries { get; } = new();

        public long Since => since;

        /// <summary>Written under the lock.</summary>
        public long Bytes { get; set; }

        public void Remove(string tenantId, string agent, string? version)
        {
            foreach (var (key, _) in Entries)
            {
                if (key.IsOf(tenantId, agent, version))
                {
                    Entries.TryRemove(key, out _);
                }
            }
        }
    }
}
