using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Redis;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;
using Xunit;
using Cache = AgentPlatform.Core.AnswerCache.AnswerCache;

namespace AgentPlatform.Tests.Core.AnswerCache;

public sealed class AnswerRemovalTests(TestRedis redis) : IClassFixture<TestRedis>, IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Nobody else's answers: the tests of this class share a server.
    private readonly string _tenant = $"{Guid.CreateVersion7()}";
    private ConnectionMultiplexer _connection = null!;
    private Cache _cache = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connection = await redis.ConnectAsync();
        _cache = NewCache();
    }

    public async ValueTask DisposeAsync()
    {
        _cache.Dispose();
        await _connection.DisposeAsync();
    }

    [Fact]
    public async Task It_takes_an_agents_answers_fresh_and_stale_of_all_versions_and_of_nobody_else()
    {
        var mine = new[] { Key("q1"), Key("q2"), Key("q1", version: "v2") };
        var others = new[] { Key("q1", agent: "b"), Key("q1", tenant: $"{_tenant}x") };
        foreach (var key in mine.Concat(others))
        {
            Assert.Equal(StoreResult.Stored, await StoreAsync(key));
        }

        // Its fresh copy is gone already.
        await _connection.GetDatabase().KeyDeleteAsync(AnswerNames.Name(mine[0]));

        Assert.Equal(3, await _cache.RemoveAsync(_tenant, "a", null, Stop));

        var elsewhere = NewCache();
        foreach (var key in mine)
        {
            Assert.IsType<AnswerLookup.Lead>(await _cache.LookupAsync(key, Stop));
            Assert.IsType<AnswerLookup.Lead>(await elsewhere.LookupAsync(key, Stop));
            Assert.Null(await elsewhere.FindStaleAsync(key, Stop));
        }

        foreach (var key in others)
        {
            Assert.IsType<AnswerLookup.Hit>(await elsewhere.LookupAsync(key, Stop));
            Assert.NotNull(await elsewhere.FindStaleAsync(key, Stop));
        }

        Assert.Equal(0, await _cache.RemoveAsync(_tenant, "a", null, Stop));
    }

    [Fact]
    public async Task With_a_version_only_that_versions_go()
    {
        await StoreAsync(Key("q"));
        await StoreAsync(Key("q", version: "v2"));

        Assert.Equal(1, await _cache.RemoveAsync(_tenant, "a", "v2", Stop));

        Assert.IsType<AnswerLookup.Hit>(await NewCache().LookupAsync(Key("q"), Stop));
        Assert.IsType<AnswerLookup.Lead>(await NewCache().LookupAsync(Key("q", version: "v2"), Stop));
    }

    [Fact]
    public async Task Flights_go_on()
    {
        var run = Guid.CreateVersion7();
        await _cache.LookupOrLeadAsync(Key("q"), run, Minute, Stop);

        Assert.Equal(0, await _cache.RemoveAsync(_tenant, "a", null, Stop));

        Assert.Equal(new AnswerLookup.Flight(run), await _cache.LookupOrLeadAsync(Key("q"), Guid.CreateVersion7(), Minute, Stop));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("v1", true)]
    [InlineData("v2", false)]
    public async Task What_was_being_made_is_not_kept_afterwards(string? version, bool concerns)
    {
        var began = Guid.CreateVersion7();
        await _cache.RemoveAsync(_tenant, "a", version, Stop);

        Assert.Equal(concerns ? StoreResult.Removed : StoreResult.Stored, await StoreAsync(Key("q"), began));

        foreach (var cache in new[] { _cache, NewCache() })
        {
            Assert.Equal(!concerns, await cache.LookupAsync(Key("q"), Stop) is AnswerLookup.Hit);
            Assert.Equal(!concerns, await cache.FindStaleAsync(Key("q"), Stop) is not null);
        }
    }

    [Fact]
    public async Task What_is_asked_afterwards_is_kept_again()
    {
        await _cache.RemoveAsync(_tenant, "a", null, Stop);
        var began = Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddMilliseconds(1));

        Assert.Equal(StoreResult.Stored, await StoreAsync(Key("q"), began));
        Assert.IsType<AnswerLookup.Hit>(await NewCache().LookupAsync(Key("q"), Stop));
    }

    [Fact]
    public async Task A_later_removal_of_one_version_does_not_undo_an_earlier_one_of_all()
    {
        var began = Guid.CreateVersion7();
        await _cache.RemoveAsync(_tenant, "a", null, Stop);
        await _cache.RemoveAsync(_tenant, "a", "v2", Stop);

        Assert.Equal(StoreResult.Removed, await StoreAsync(Key("q"), began));
    }

    [Fact]
    public async Task It_takes_effect_everywhere_within_five_seconds()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var elsewhere = NewCache(time);
        await StoreAsync(Key("q"));
        Assert.IsType<AnswerLookup.Hit>(await elsewhere.LookupAsync(Key("q"), Stop));

        await _cache.RemoveAsync(_tenant, "a", null, Stop);

        Assert.IsType<AnswerLookup.Lead>(await _cache.LookupAsync(Key("q"), Stop));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.IsType<AnswerLookup.Lead>(await elsewhere.LookupAsync(Key("q"), Stop));
    }

    [Fact]
    public async Task Thousands_go_at_once_and_each_counts_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 3000).Select(n => StoreAsync(Key($"q{n}"))));

        Assert.Equal(3000, await NewCache().RemoveAsync(_tenant, "a", null, Stop));
    }

    private AnswerKey Key(string question, string agent = "a", string version = "v1", string? tenant = null) =>
        AnswerKey.Of(new AnswerKeyParts(tenant ?? _tenant, agent, version, "m", "", "", question));

    private Task<StoreResult> StoreAsync(AnswerKey key, Guid? run = null) => _cache.StoreAsync(
        key,
        new CachedAnswer { Answer = "4", Model = "m", AgentVersion = "v", SourceRunId = run ?? Guid.CreateVersion7() },
        new AgentCachePolicy(),
        Stop);

    private Cache NewCache(TimeProvider? time = null) => new(
        _connection,
        // In-process Garnet shares two cores with the tests: its promptness is not what is tested here.
        Options.Create(new AnswerCacheOptions { Deadline = TimeSpan.FromSeconds(5) }),
        time ?? TimeProvider.System,
        NullLogger<Cache>.Instance);
}
