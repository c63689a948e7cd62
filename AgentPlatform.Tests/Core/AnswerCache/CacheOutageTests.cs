using System.Diagnostics;
using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Api;
using AgentPlatform.Tests.Redis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;
using Cache = AgentPlatform.Core.AnswerCache.AnswerCache;

namespace AgentPlatform.Tests.Core.AnswerCache;

public sealed class CacheOutageTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly LoggedEvents _log = new();
    private readonly AnswerKey _key = AnswerKey.Of(new AnswerKeyParts("t", "a", "v", "m", "", "", "q"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_outage_costs_no_time_is_told_once_and_ends_by_itself()
    {
        await using var redis = new TestRedis();
        redis.Start();
        await using var connection = await redis.ConnectAsync();
        using var cache = NewCache(connection);
        Assert.IsType<AnswerLookup.Lead>(await LookupAsync(cache));

        redis.Stop();
        await Wait.UntilAsync(async () => await LookupAsync(cache) is AnswerLookup.Unavailable, "the outage to be seen");
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 100; i++)
        {
            Assert.IsType<AnswerLookup.Unavailable>(await LookupAsync(cache));
        }

        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(1));
        Assert.Equal(StoreResult.Unavailable, await cache.StoreAsync(_key, Answer(), new AgentCachePolicy(), Stop));
        Assert.Null(await cache.RemoveAsync("t", "a", null, Stop));
        Assert.Null(await cache.FindStaleAsync(_key, Stop));
        await cache.ReleaseAsync(_key, Guid.CreateVersion7(), Stop);

        redis.Start();
        await Wait.UntilAsync(async () => await LookupAsync(cache) is AnswerLookup.Lead, "the cache to be used again");
        Assert.Single(_log.Named("cache_unavailable"));
        Assert.Single(_log.Named("cache_available"));
    }

    [Fact]
    public async Task A_server_that_was_never_there_is_an_outage_like_any_other()
    {
        await using var redis = new TestRedis();
        await using var connection = await redis.ConnectAsync();
        using var cache = NewCache(connection);

        Assert.IsType<AnswerLookup.Unavailable>(await LookupAsync(cache));
        Assert.IsType<AnswerLookup.Unavailable>(await cache.LookupAsync(_key, Stop));

        redis.Start();
        await Wait.UntilAsync(async () => await LookupAsync(cache) is AnswerLookup.Lead, "the cache to be used");
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_is_none()
    {
        await using var redis = new TestRedis();
        redis.Start();
        await using var connection = await redis.ConnectAsync();
        using var cache = NewCache(connection, TimeSpan.FromTicks(1));

        Assert.IsType<AnswerLookup.Unavailable>(await LookupAsync(cache));
        Assert.Single(_log.Named("cache_unavailable"));
    }

    [Fact]
    public async Task A_server_that_falls_silent_costs_each_question_one_deadline_at_most_and_those_after_it_none()
    {
        await using var redis = new TestRedis();
        redis.Start();
        await using var silent = new SilentRedis(redis.Port);
        await using var connection = await silent.ConnectAsync();
        var deadline = TimeSpan.FromMilliseconds(400);
        using var cache = NewCache(connection, deadline);
        Assert.IsType<AnswerLookup.Lead>(await LookupAsync(cache));

        silent.Stall();
        var asked = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => QuestionAsync(cache)));
        var later = new List<TimeSpan>();
        // Probes run meanwhile, and fail; no question is held up by one.
        await Wait.UntilAsync(
            async () =>
            {
                later.Add(await QuestionAsync(cache));
                return silent.Probes >= 3;
            },
            "three probes");

        Assert.All(asked, took => Assert.InRange(took, TimeSpan.Zero, deadline * 1.9));
        Assert.True(later.Max() < deadline / 2, $"a question after the loss took {later.Max()}");
        Assert.Single(_log.Named("cache_unavailable"));

        silent.Resume();
        await Wait.UntilAsync(async () => await LookupAsync(cache) is AnswerLookup.Lead, "the cache to be used again");
        Assert.Single(_log.Named("cache_available"));
    }

    [Fact]
    public async Task The_search_for_a_lost_server_ends_with_the_cache()
    {
        await using var redis = new TestRedis();
        await using var connection = await redis.ConnectAsync();
        var cache = NewCache(connection);
        await LookupAsync(cache);

        cache.Dispose();
        redis.Start();
        await Wait.UntilAsync(() => connection.IsConnected, "the connection");
        await connection.GetDatabase().PingAsync();

        Assert.IsType<AnswerLookup.Unavailable>(await LookupAsync(cache));
        Assert.Empty(_log.Named("cache_available"));
    }

    public void Dispose() => _log.Dispose();

    /// <summary>What a question asks of the cache, from its look-up to its store.</summary>
    private async Task<TimeSpan> QuestionAsync(Cache cache)
    {
        var started = Stopwatch.GetTimestamp();
        await LookupAsync(cache);
        await cache.FindStaleAsync(_key, Stop);
        await cache.StoreAsync(_key, Answer(), new AgentCachePolicy(), Stop);
        await cache.ReleaseAsync(_key, Guid.CreateVersion7(), Stop);
        return Stopwatch.GetElapsedTime(started);
    }

    // The flight of an earlier look-up of the same test counts as found, too.
    private Task<AnswerLookup> LookupAsync(Cache cache) => cache.LookupOrLeadAsync(_key, Guid.CreateVersion7(), Minute, Stop)
        .ContinueWith(lookup => lookup.Result is AnswerLookup.Flight ? AnswerLookup.Lead.Instance : lookup.Result, TaskScheduler.Default);

    private static CachedAnswer Answer() =>
        new() { Answer = "4", Model = "m", AgentVersion = "v", SourceRunId = Guid.CreateVersion7() };

    private Cache NewCache(StackExchange.Redis.IConnectionMultiplexer connection, TimeSpan? deadline = null) => new(
        connection,
        Options.Create(new AnswerCacheOptions
        {
            Deadline = deadline ?? TimeSpan.FromSeconds(2),
            RetryAfter = TimeSpan.FromMilliseconds(100),
        }),
        TimeProvider.System,
        new LoggerFactory([_log]).CreateLogger<Cache>());
}
