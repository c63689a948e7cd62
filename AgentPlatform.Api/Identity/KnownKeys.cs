using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Identity;

/// <summary>
/// Whose keys are whose, as an executor said at most <see cref="IdentityOptions.RememberKeys"/> ago. While no executor can be asked, whoever was known before
/// stays known for a while: the ladder answers then, and who asks has not changed.
/// </summary>
internal sealed class KnownKeys(ExecutorQueries executor, IOptions<IdentityOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>Keys remembered at a time; of strangers' guesses only as many fit.</summary>
    private const int Most = 10_000;

    /// <summary>Short: a key that was just made is used at once.</summary>
    private static readonly TimeSpan RememberStrangers = TimeSpan.FromSeconds(2);

    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = Most });

    /// <summary>Never throws for what an executor does or does not say.</summary>
    public async ValueTask<KeyStanding> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (!ApiKeyText.IsWellFormed(key))
        {
            return KeyStanding.NotGood;
        }

        var hash = ApiKeyText.Hash(key);
        if (_known.TryGetValue(hash, out Remembered? known) && time.GetElapsedTime(known!.At) < (known.Holder is null ? RememberStrangers : options.Value.RememberKeys))
        {
            return new KeyStanding(known.Holder);
        }

        var found = await executor.HolderAsync(hash, cancellationToken);
        if (found.IsGood)
        {
            return Remember(hash, found.Value);
        }

        if (found.Problem.StatusCode == StatusCodes.Status404NotFound)
        {
            return Remember(hash, null);
        }

        return known is { Holder: { } before } && time.GetElapsedTime(known.At) < options.Value.RememberKeysInOutage
            ? new KeyStanding(before)
            : KeyStanding.Unknown;
    }

    public void Dispose() => _known.Dispose();

    private KeyStanding Remember(string hash, KeyHolder? holder)
    {
        _known.Set(hash, new Remembered(holder, time.GetTimestamp()), new MemoryCacheEntryOptions
        {
            Size = 1,
            // Strangers make way first.
            Priority = holder is null ? CacheItemPriority.Low : CacheItemPriority.High,
            AbsoluteExpirationRelativeToNow = holder is null ? RememberStrangers : options.Value.RememberKeysInOutage + options.Value.RememberKeys,
        });
        return new KeyStanding(holder);
    }

    private sealed record Remembered(KeyHolder? Holder, long At);
}
