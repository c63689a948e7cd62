using AgentPlatform.Api.Quotas;
using AgentPlatform.Tests.Redis;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentPlatform.Tests.Api.Quotas;

public sealed class QuotaOutageTests
{
    private static readonly (string, string) Soon = ("Quotas:RetryAfter", "00:00:00.050");

    [Fact]
    public async Task Open_each_process_counts_for_itself_and_together_again_afterwards()
    {
        await using var redis = new TestRedis();
        redis.Start();
        await using var api = await QuotaProcess.StartAsync(redis, ("Quotas:Requests", "4"), ("Quotas:Period", "01:00:00"), ("Quotas:Concurrent", "2"), Soon);
        var before = await api.EnterAsync();
        Assert.Null(before.Counted.Refused);

        redis.Stop();
        var during = await api.EnterAsync();
        Assert.Null(during.Counted.Refused);
        // What was let in before still counts here, though Redis cannot be asked.
        Assert.Equal(QuotaKind.Concurrent, (await api.EnterAsync()).Counted.Refused);
        before.Place!.Dispose();
        for (var n = 0; n < 3; n++)
        {
            var more = await api.EnterAsync();
            Assert.Null(more.Counted.Refused);
            more.Place!.Dispose();
        }

        Assert.Equal(QuotaKind.Requests, (await api.EnterAsync()).Counted.Refused);
        Assert.True(await api.IsLetInAsync(caller: "key:2"));
        Assert.Single(api.Log.Named("quotas_unshared"));

        redis.Start();
        await Wait.UntilAsync(() => api.Log.Named("quotas_shared").Length == 1, "quotas to be counted together again");
        // The server has forgotten everything, but not this process what it is still answering.
        api.Renew();
        Assert.Equal(QuotaKind.Concurrent, (await api.EnterAsync()).Counted.Refused);
        during.Place!.Dispose();
        await Wait.UntilAsync(() => api.IsLetInAsync(), "the place to be free");
    }

    [Fact]
    public async Task Closed_nobody_is_let_in_until_it_is_over()
    {
        await using var redis = new TestRedis();
        redis.Start();
        await using var api = await QuotaProcess.StartAsync(redis, ("Quotas:Requests", "4"), ("Quotas:OnOutage", "Closed"), ("Quotas:Tenants:free:Unlimited", "true"), Soon);
        Assert.True(await api.IsLetInAsync());

        redis.Stop();
        Assert.Equal(QuotaKind.Outage, (await api.EnterAsync()).Counted.Refused);
        Assert.Null(await api.TryEnterAsync("free"));

        redis.Start();
        await Wait.UntilAsync(() => api.IsLetInAsync(), "requests to be let in again");
    }

    [Fact]
    public void The_buckets_of_a_process_are_bounded_and_fill_again()
    {
        var time = new FakeTimeProvider();
        var buckets = new LocalBuckets(time);
        var quota = new Quota(60, TimeSpan.FromMinutes(1), 2, null);
        Assert.Null(Take("first"));
        Assert.Null(Take("first"));
        Assert.Equal(QuotaKind.Requests, Take("first"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(Take("first"));
        Assert.Equal(QuotaKind.Requests, Take("first"));

        for (var n = 0; n < 25_000; n++)
        {
            Take($"caller {n}");
        }

        Assert.InRange(buckets.Count, 1, 10_000);

        QuotaKind? Take(string caller) => buckets.Take(quota, "local", caller).Refused;
    }
}
