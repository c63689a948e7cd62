using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Caching.Memory;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>The fresh answers this process saw in the last seconds, bounded in age and in bytes.</summary>
internal sealed class RecentAnswers(AnswerCacheOptions options, TimeProvider timeProvider) : IDisposable
{
    // What an entry costs besides its text: the objects, the key, the cache's own records.
    private const int Overhead = 1024;

    private readonly MemoryCache _entries = new(new MemoryCacheOptions { SizeLimit = options.RememberBytes });

    public bool TryFind(AnswerKey key, [NotNullWhen(true)] out CachedAnswer? answer)
    {
        answer = _entries.TryGetValue(key, out var found) && found is Entry entry
            && timeProvider.GetUtcNow() < entry.Answer.FreshUntil
            && timeProvider.GetElapsedTime(entry.Since) < options.RememberFor
                ? entry.Answer
                : null;
        return answer is not null;
    }

    public void Add(AnswerKey key, CachedAnswer answer)
    {
        if (options.RememberFor > TimeSpan.Zero)
        {
            _entries.Set(key, new Entry(answer, timeProvider.GetTimestamp()), new MemoryCacheEntryOptions
            {
                AbsoluteExpirationRelativeToNow = options.RememberFor,
                Size = Overhead + (answer.Answer.Length * sizeof(char)) + (answer.Output?.GetRawText().Length ?? 0),
            });
        }
    }

    public void Dispose() => _entries.Dispose();

    private sealed record Entry(CachedAnswer Answer, long Since);
}
