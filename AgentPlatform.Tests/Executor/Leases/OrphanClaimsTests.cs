using AgentPlatform.Executor.Journal;
using AgentPlatform.Executor.Leases;
using AgentPlatform.Tests.Executor.Journal;
using AgentPlatform.Tests.Postgres;
using Xunit;

namespace AgentPlatform.Tests.Executor.Leases;

public sealed class OrphanClaimsTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_open_runs_of_dead_executors_are_claimed_and_under_the_next_epoch()
    {
        await using var journal = await JournalUnderTest.StartAsync(postgres, Cancellation);
        await using var living = await LeaseUnderTest.StartAsync(journal.ConnectionString, Cancellation);
        await using var dead = await LeaseUnderTest.StartAsync(journal.ConnectionString, Cancellation);
        await using var claimer = await LeaseUnderTest.StartAsync(journal.ConnectionString, Cancellation);
        var open = Appends.Start(session: "s1", turn: 1, owner: dead.Lease.Id);
        var ended = Appends.Start(owner: dead.Lease.Id);
        await AppendAllAsync(journal, open, ended, Appends.End(ended.RunId, 2), Appends.Start(owner: living.Lease.Id), Appends.Start(owner: claimer.Lease.Id));
        Assert.Empty(await claimer.Claims.ClaimAsync(Cancellation));

        await dead.KillAsync();
        var claimed = await ClaimAllAsync(claimer, expected: 1);

        Assert.Equal(new ClaimedRun(Appends.Tenant, open.RunId, "s1", 2), Assert.Single(claimed));
        var run = await journal.Journal.LoadAsync(Appends.Tenant, open.RunId, Cancellation);
        Assert.Equal((2, claimer.Lease.Id), (run!.Epoch, run.Owner));
        Assert.Empty(await claimer.Claims.ClaimAsync(Cancellation));
        Assert.Equal(AppendResult.Committed, await journal.Journal.AppendAsync(Appends.Step(open.RunId, 2, epoch: 2), Cancellation));
        Assert.Equal(AppendResult.Fenced, await journal.Journal.AppendAsync(Appends.Step(open.RunId, 2, epoch: 1), Cancellation));
    }

    [Fact]
    public async Task Executors_that_claim_at_once_share_the_orphans_without_overlap()
    {
        await using var journal = await JournalUnderTest.StartAsync(postgres, Cancellation);
        await using var first = await LeaseUnderTest.StartAsync(journal.ConnectionString, Cancellation);
        await using var second = await LeaseUnderTest.StartAsync(journal.ConnectionString, Cancellation);
        var orphans = Enumerable.Range(0, 250).Select(_ => Appends.Start(owner: Appends.NewId())).ToArray();
        await AppendAllAsync(journal, orphans);
        await Until.TrueAsync(() => first.Lease.CanClaim && second.Lease.CanClaim, "claims are allowed", Cancellation);

        var claims = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => (n % 2 == 0 ? first : second).Claims.ClaimAsync(Cancellation)));

        Assert.All(claims, claim => Assert.InRange(claim.Count, 0, OrphanClaims.BatchSize));
        var ids = claims.SelectMany(claim => claim).Select(claim => claim.RunId).ToList();
        ids.AddRange((await ClaimAllAsync(first, expected: 250 - ids.Count)).Select(claim => claim.RunId));
        Assert.Equal(orphans.Select(orphan => orphan.RunId).Order(), ids.Order());
        Assert.Equal([250L], await journal.QueryAsync<long>("SELECT count(*) FROM runs WHERE epoch = 2", Cancellation));
    }

    private static async Task<List<ClaimedRun>> ClaimAllAsync(LeaseUnderTest claimer, int expected)
    {
        var claimed = new List<ClaimedRun>();
        await Until.TrueAsync(
            async () =>
            {
                claimed.AddRange(await claimer.Claims.ClaimAsync(Cancellation));
                return claimed.Count >= expected;
            },
            $"{expected} runs claimed",
            Cancellation,
            () => $"Claimed: {claimed.Count}.");
        return claimed;
    }

    private static async Task AppendAllAsync(JournalUnderTest journal, params JournalAppend[] appends)
    {
        foreach (var append in appends)
        {
            Assert.Equal(AppendResult.Committed, await journal.Journal.AppendAsync(append, Cancellation));
        }
    }
}
