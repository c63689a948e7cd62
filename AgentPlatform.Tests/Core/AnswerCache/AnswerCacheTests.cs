using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Api;
using AgentPlatform.Tests.Redis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;
using StackExchange.Redis.Profiling;
using Xunit;
using Cache = AgentPlatform.Core.AnswerCache.AnswerCache;

namespace AgentPlatform.Tests.Core.AnswerCache;

public sealed class AnswerCacheTests(TestRedis redis) : IClassFixture<TestRedis>, IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly AgentCachePolicy Policy = new();

    private readonly LoggedEvents _log = new();
    private readonly AnswerKey _key = AnswerKey.Of(new AnswerKeyParts("t", "a", "v", "m", "", "", $"{Guid.CreateVersion7()}"));
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
    public async Task The_first_leads_the_second_finds_its_flight_and_after_the_store_everybody_hits()
    {
        var run = Guid.CreateVersion7();
        using var elsewhere = NewCache();

        Assert.IsType<AnswerLookup.Lead>(await LookupAsync(_cache, run));
        Assert.Equal(new AnswerLookup.Flight(run), await LookupAsync(elsewhere));
        Assert.Equal(StoreResult.Stored, await _cache.StoreAsync(_key, Answer(run), Policy, Stop));
        foreach (var cache in new[] { _cache, elsewhere, NewCache() })
        {
            var hit = Assert.IsType<AnswerLookup.Hit>(await LookupAsync(cache));
            Assert.Equal("4", hit.Answer.Answer);
            Assert.Equal(run, hit.Answer.SourceRunId);
            Assert.InRange((hit.Answer.FreshUntil - hit.Answer.WrittenAt).TotalSeconds, 3600 * 0.95, 3600 * 1.05);
        }
    }

    [Fact]
    public async Task A_lookup_is_one_command_a_store_one_round_trip_and_what_is_remembered_none()
    {
        Assert.Equal(["SET"], await CommandsAsync(() => LookupAsync(_cache)));
        // That they travel together is counted where runs are, behind a server that holds its replies back.
        Assert.Equal(["PSETEX", "PSETEX", "HMGET"], await CommandsAsync(() => _cache.StoreAsync(_key, Answer(), Policy, Stop)));
        Assert.Empty(await CommandsAsync(() => LookupAsync(_cache)));
    }

    [Fact]
    public async Task Only_its_own_run_releases_a_flight()
    {
        var run = Guid.CreateVersion7();
        await LookupAsync(_cache, run);

        await _cache.ReleaseAsync(_key, Guid.CreateVersion7(), Stop);
        Assert.IsType<AnswerLookup.Flight>(await LookupAsync(_cache));
        await _cache.ReleaseAsync(_key, run, Stop);
        Assert.IsType<AnswerLookup.Lead>(await LookupAsync(_cache));
    }

    [Fact]
    public async Task Releasing_leaves_a_stored_answer_alone()
    {
        var run = Guid.CreateVersion7();
        await _cache.StoreAsync(_key, Answer(run), Policy, Stop);

        await _cache.ReleaseAsync(_key, run, Stop);

        Assert.IsType<AnswerLookup.Hit>(await LookupAsync(NewCache()));
    }

    [Fact]
    public async Task The_flight_of_a_dead_leader_runs_out()
    {
        Assert.IsType<AnswerLookup.Lead>(await _cache.LookupOrLeadAsync(_key, Guid.CreateVersion7(), TimeSpan.FromMilliseconds(200), Stop));
        Assert.IsType<AnswerLookup.Flight>(await LookupAsync(_cache));

        await Wait.UntilAsync(async () => await LookupAsync(_cache) is AnswerLookup.Lead, "a new lead");
    }

    [Fact]
    public async Task A_stale_answer_does_not_stand_in_the_way_of_a_new_flight()
    {
        using var cache = NewCache(options => options.RememberFor = TimeSpan.Zero);
        await cache.StoreAsync(_key, Answer(), new AgentCachePolicy { TtlSeconds = 0.2, StaleSeconds = 60 }, Stop);

        await Wait.UntilAsync(async () => await LookupAsync(cache) is AnswerLookup.Lead, "the answer to be past its time");

        Assert.Equal("4", (await cache.FindStaleAsync(_key, Stop))?.Answer);
    }

    [Fact]
    public async Task Without_any_earlier_answer_there_is_no_stale_one() =>
        Assert.Null(await _cache.FindStaleAsync(_key, Stop));

    [Theory]
    [InlineData("no json")]
    [InlineData("""{"v":1}""")]
    [InlineData("""{"v":2,"answer":"old","model":"m","agent_version":"v","source_run_id":"01980000-0000-7000-8000-000000000000","fresh_until":"2999-01-01T00:00:00Z"}""")]
    public async Task An_entry_that_cannot_be_read_is_a_miss_and_is_replaced(string entry)
    {
        await _connection.GetDatabase().StringSetAsync(AnswerNames.Name(_key), entry);

        Assert.IsType<AnswerLookup.Lead>(await LookupAsync(_cache));
        Assert.IsType<AnswerLookup.Lead>(await _cache.LookupAsync(_key, Stop));
        await _cache.StoreAsync(_key, Answer(), Policy, Stop);
        Assert.IsType<AnswerLookup.Hit>(await LookupAsync(NewCache()));
    }

    [Fact]
    public async Task A_plain_lookup_neither_takes_nor_sees_a_flight()
    {
        Assert.IsType<AnswerLookup.Lead>(await _cache.LookupAsync(_key, Stop));
        Assert.IsType<AnswerLookup.Lead>(await LookupAsync(_cache));
        Assert.IsType<AnswerLookup.Lead>(await _cache.LookupAsync(_key, Stop));
        await _cache.StoreAsync(_key, Answer(), Policy, Stop);
        Assert.IsType<AnswerLookup.Hit>(await NewCache().LookupAsync(_key, Stop));
    }

    [Fact]
    public async Task A_removal_takes_effect_everywhere_after_five_seconds()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var cache = NewCache(timeProvider: time);
        await cache.StoreAsync(_key, Answer(), Policy, Stop);
        await _connection.GetDatabase().KeyDeleteAsync(AnswerNames.Name(_key));

        Assert.IsType<AnswerLookup.Hit>(await LookupAsync(cache));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.IsType<AnswerLookup.Lead>(await LookupAsync(cache));
    }

    [Fact]
    public async Task A_structured_answer_comes_back_as_it_was()
    {
        var output = System.Text.Json.JsonDocument.Parse("""{"value":4,"note":"四"}""").RootElement;
        await _cache.StoreAsync(_key, Answer() with { Output = output }, Policy, Stop);

        var hit = Assert.IsType<AnswerLookup.Hit>(await LookupAsync(NewCache()));

        Assert.Equal(output.GetRawText(), hit.Answer.Output?.GetRawText());
        Assert.Equal(new Usage(10, 5, 0.5m, false), hit.Answer.Usage);
    }

    private Task<AnswerLookup> LookupAsync(Cache cache, Guid? run = null) =>
        cache.LookupOrLeadAsync(_key, run ?? Guid.CreateVersion7(), Minute, Stop);

    private async Task<string[]> CommandsAsync(Func<Task> call)
    {
        var session = new ProfilingSession();
        _connection.RegisterProfiler(() => session);
        await call();
        return [.. session.FinishProfiling().Select(command => command.Command)];
    }

    private static CachedAnswer Answer(Guid? run = null) => new()
    {
        Answer = "4",
        Model = "m-1",
        AgentVersion = "v",
        Iterations = 1,
        Usage = new Usage(10, 5, 0.5m, false),
        SourceRunId = run ?? Guid.CreateVersion7(),
    };

    private Cache NewCache(Action<AnswerCacheOptions>? configure = null, TimeProvider? timeProvider = null)
    {
        // In-process Garnet shares two cores with the tests: its promptness is not what is tested here.
        var options = new AnswerCacheOptions { Deadline = TimeSpan.FromSeconds(5) };
        configure?.Invoke(options);
        return new Cache(
            _connection, Options.Create(options), timeProvider ?? TimeProvider.System, new LoggerFactory([_log]).CreateLogger<Cache>());
    }
}
