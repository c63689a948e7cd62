using System.Diagnostics;
using AgentPlatform.Api.Quotas;
using AgentPlatform.Tests.Redis;
using Xunit;

namespace AgentPlatform.Tests.Api.Quotas;

/// <summary>Counting in a real Redis-compatible server, by several processes.</summary>
public sealed class QuotaGateTests(TestRedis redis) : IClassFixture<TestRedis>
{
    // Fresh for each test: what is counted outlives it.
    private readonly string _tenant = $"t{Guid.CreateVersion7():N}";

    [Fact]
    public async Task Without_a_quota_nothing_is_counted()
    {
        await using var api = await QuotaProcess.StartAsync(redis, ($"Quotas:Tenants:{_tenant}:Unlimited", "true"), ("Quotas:Requests", "1"), ("Quotas:Period", "01:00:00"));

        Assert.Null(await api.TryEnterAsync(_tenant));
        Assert.Null(await api.TryEnterAsync(_tenant));
        Assert.NotNull(await api.TryEnterAsync($"{_tenant}b"));
    }

    [Fact]
    public async Task A_burst_is_let_in_and_then_one_at_a_time_as_the_bucket_fills()
    {
        var interval = TimeSpan.FromMilliseconds(400);
        await using var api = await QuotaProcess.StartAsync(redis, ("Quotas:Requests", "20"), ("Quotas:Period", "00:00:08"), ("Quotas:Burst", "3"));
        string caller;
        long begun;
        var verdicts = new List<QuotaVerdict>();
        var attempts = 0;
        do
        {
            // On a busy machine one may have come back before the fourth asks: then it is asked anew, by somebody else.
            caller = $"key:{++attempts}";
            verdicts.Clear();
            begun = Stopwatch.GetTimestamp();
            while (verdicts.Count < 4)
            {
                verdicts.Add(await api.EnterAsync(_tenant, caller));
            }
        }
        while (Stopwatch.GetElapsedTime(begun) > interval * 0.7 && attempts < 20);

        Assert.Equal([null, null, null, QuotaKind.Requests], verdicts.Select(verdict => verdict.Counted.Refused));
        Assert.Equal([2, 1, 0, 0], verdicts.Select(verdict => verdict.Quota.Remaining(verdict.Counted.Ahead)));
        Assert.InRange(verdicts[3].Counted.Wait, TimeSpan.FromTicks(1), interval);

        await Wait.UntilAsync(() => api.IsLetInAsync(_tenant, caller), "one more");
        // Nobody got the second before two of them were due.
        await Wait.UntilAsync(() => api.IsLetInAsync(_tenant, caller), "the next");
        Assert.True(Stopwatch.GetElapsedTime(begun) > interval * 1.95);
    }

    [Fact]
    public async Task Each_caller_has_a_bucket_of_their_own_at_all_processes_together()
    {
        (string, string)[] settings = [("Quotas:Requests", "2"), ("Quotas:Period", "01:00:00")];
        await using var first = await QuotaProcess.StartAsync(redis, settings);
        await using var second = await QuotaProcess.StartAsync(redis, settings);

        Assert.True(await first.IsLetInAsync(_tenant, "key:1"));
        Assert.True(await second.IsLetInAsync(_tenant, "key:1"));
        Assert.False(await first.IsLetInAsync(_tenant, "key:1"));
        Assert.False(await second.IsLetInAsync(_tenant, "key:1"));

        Assert.True(await second.IsLetInAsync(_tenant, "key:2"));
        Assert.True(await second.IsLetInAsync($"{_tenant}b", "key:1"));
        var told = Assert.Single(first.Log.Named("quota_exceeded"));
        Assert.Contains("key:1", told.Text, StringComparison.Ordinal);
        Assert.False(await first.IsLetInAsync(_tenant, "key:1"));
        Assert.Single(first.Log.Named("quota_exceeded"));
    }

    [Fact]
    public async Task Places_are_the_tenants_and_free_again_when_a_request_has_ended()
    {
        (string, string)[] settings = [("Quotas:Concurrent", "2"), ($"Quotas:Tenants:{_tenant}b:Concurrent", "1")];
        await using var first = await QuotaProcess.StartAsync(redis, settings);
        await using var second = await QuotaProcess.StartAsync(redis, settings);

        var held = await first.EnterAsync(_tenant, "key:1");
        Assert.Equal((null, 1), (held.Counted.Refused, held.Counted.UnderWay));
        Assert.True(await second.IsLetInAsync(_tenant, "key:2"));
        Assert.Equal(QuotaKind.Concurrent, (await first.EnterAsync(_tenant, "key:3")).Counted.Refused);
        Assert.Equal(QuotaKind.Concurrent, (await second.EnterAsync(_tenant, "key:1")).Counted.Refused);
        Assert.True(await second.IsLetInAsync($"{_tenant}b"));
        Assert.False(await first.IsLetInAsync($"{_tenant}b"));

        held.Place!.Dispose();
        held.Place.Dispose();
        await Wait.UntilAsync(() => second.IsLetInAsync(_tenant), "the place to be free");
        Assert.False(await first.IsLetInAsync(_tenant));
    }

    [Fact]
    public async Task A_refused_request_takes_nothing()
    {
        await using var api = await QuotaProcess.StartAsync(redis, ("Quotas:Concurrent", "1"), ("Quotas:Requests", "2"), ("Quotas:Period", "01:00:00"));
        var held = await api.EnterAsync(_tenant);

        Assert.Equal(QuotaKind.Concurrent, (await api.EnterAsync(_tenant)).Counted.Refused);
        Assert.Equal(QuotaKind.Concurrent, (await api.EnterAsync(_tenant)).Counted.Refused);
        held.Place!.Dispose();
        await Wait.UntilAsync(() => api.IsLetInAsync(_tenant), "the second request, which the refused ones have not used up");
    }

    [Fact]
    public async Task Places_of_the_living_are_renewed_and_those_of_a_dead_process_run_out()
    {
        (string, string)[] settings = [("Quotas:Concurrent", "1"), ("Quotas:Lease", "00:00:00.700")];
        await using var crashing = await QuotaProcess.StartAsync(redis, settings);
        await using var other = await QuotaProcess.StartAsync(redis, settings);
        Assert.True(await crashing.IsLetInAsync(_tenant));

        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(1))
        {
            crashing.Renew();
            Assert.False(await other.IsLetInAsync(_tenant));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        await Wait.UntilAsync(() => other.IsLetInAsync(_tenant), "the lease to run out", seconds: 5);
    }

    [Fact]
    public async Task A_bucket_emptied_under_a_long_period_is_not_waited_for_when_the_limits_are_raised()
    {
        await using var before = await QuotaProcess.StartAsync(redis, ("Quotas:Requests", "1"), ("Quotas:Period", "30.00:00:00"));
        Assert.True(await before.IsLetInAsync(_tenant));
        Assert.False(await before.IsLetInAsync(_tenant));

        await using var after = await QuotaProcess.StartAsync(redis, ("Quotas:Requests", "10"), ("Quotas:Period", "00:00:01"), ("Quotas:Burst", "1"));

        await Wait.UntilAsync(() => after.IsLetInAsync(_tenant), "the bucket of the new limits to fill", seconds: 5);
    }

    [Fact]
    public async Task Whoever_leaves_while_being_counted_holds_no_place()
    {
        await using var api = await QuotaProcess.StartAsync(redis, ("Quotas:Concurrent", "1"), ("Quotas:Lease", "00:05:00"));
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => api.TryEnterAsync(_tenant, cancellationToken: gone.Token));

        await Wait.UntilAsync(() => api.IsLetInAsync(_tenant), "the place to be free", seconds: 5);
    }

    [Fact]
    public async Task A_thousand_at_once_at_two_processes_get_exactly_what_there_is()
    {
        const int allowed = 137;
        (string, string)[] settings = [("Quotas:Requests", $"{allowed}"), ("Quotas:Period", "06:00:00"), ("Quotas:Concurrent", "900")];
        await using var first = await QuotaProcess.StartAsync(redis, settings);
        await using var second = await QuotaProcess.StartAsync(redis, settings);

        var letIn = await Task.WhenAll(Enumerable.Range(0, 1000).Select(n => (n % 2 == 0 ? first : second).IsLetInAsync(_tenant)));

        Assert.Equal(allowed, letIn.Count(isIn => isIn));
    }
}
