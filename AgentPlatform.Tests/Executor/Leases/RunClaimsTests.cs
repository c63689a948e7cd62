using AgentPlatform.Executor.Journal;
using AgentPlatform.Tests.Executor.Journal;
using AgentPlatform.Tests.Postgres;
using Xunit;

namespace AgentPlatform.Tests.Executor.Leases;

public sealed class RunClaimsTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_open_runs_of_dead_executors_are_found_and_claimed_under_the_next_epoch()
    {
        await using var journal = await JournalUnderTest.StartAsync(postgres, Cancellation);
        await using var living = await LeaseUnderTest.StartAsync(journal.ConnectionString, Cancellation);
        await using var dead = await LeaseUnderTest.StartAsync(journal.ConnectionString, Cancellation);
        await using var claimer = await LeaseUnderTest.StartAsync(journal.ConnectionString, Cancellation);
        var open = Appends.Start(session: "s1", turn: 1, owner: dead.Lease.Id);
        var ended = Appends.Start(owner: dead.Lease.Id);
        var others = Appends.Start(owner: living.Lease.Id);
        await AppendAllAsync(journal, open, ended, Appends.End(ended.RunId, 2), others);
        Assert.Empty(await claimer.Claims.FindOrphansAsync(Cancellation));

        await dead.KillAsync();
        await Until.TrueAsync(async () => (await claimer.Claims.FindOrphansAsync(Cancellation)).Count > 0, "the orphan is found", Cancellation);

        var orphan = Assert.Single(await claimer.Claims.FindOrphansAsync(Cancellation));
        Assert.Equal((open.RunId, "s1"), (orphan.RunId, orphan.SessionId));
        Assert.Equal(2, (await claimer.Claims.TryClaimAsync(Appends.Tenant, open.RunId, 1, overdue: false, Cancellation))?.Epoch);
        Assert.Null(await claimer.Claims.TryClaimAsync(Appends.Tenant, others.RunId, 1, overdue: false, Cancellation));
        Assert.Null(await claimer.Claims.TryClaimAsync(Appends.Tenant, ended.RunId, 1, overdue: false, Cancellation));
        Assert.Empty(await claimer.Claims.FindOrphansAsync(Cancellation));

        var run = await journal.Journal.LoadAsync(Appends.Tenant, open.RunId, Cancellation);
        Assert.Equal((2, claimer.Lease.Id), (run!.Epoch, run.Owner));
        Assert.Equal(AppendResult.Committed, await journal.Journal.AppendAsync(Appends.Step(open.RunId, 2, epoch: 2), Cancellation));
        Assert.Equal(AppendResult.Fenced, await journal.Journal.AppendAsync(Appends.Step(open.RunId, 2, epoch: 1), Cancellation));
    }

    [Fact]
    public async Task Of_those_who_claim_one_run_at_once_one_gets_it()
    {
        await using var journal = await JournalUnderTest.StartAsync(postgres, Cancellation);
        await using var first = await LeaseUnderTest.StartAsync(journal.ConnectionString, Cancellation);
        await using var second = await LeaseUnderTest.StartAsync(journal.ConnectionString, Cancellation);
        var orphans = Enumerable.Range(0, 20).Select(_ => Appends.Start(owner: Appends.NewId())).ToArray();
        await AppendAllAsync(journal, orphans);
        await Until.TrueAsync(() => first.Lease.CanClaim && second.Lease.CanClaim, "claims are allowed", Cancellation);

        foreach (var orphan in orphans)
        {
            var claims = await Task.WhenAll(
                first.Claims.TryClaimAsync(Appends.Tenant, orphan.RunId, 1, overdue: false, Cancellation),
                second.Claims.TryClaimAsync(Appends.Tenant, orphan.RunId, 1, overdue: false, Cancellation));
            Assert.Single(claims, claim => claim?.Epoch == 2);
            Assert.Single(claims, claim => claim is null);
        }
    }

    [Fact]
    public async Task Its_own_open_run_is_claimed_anew_so_that_an_earlier_activation_is_fenced()
    {
        await using var journal = await JournalUnderTest.StartAsync(postgres, Cancellation);
        await using var executor = await LeaseUnderTest.StartAsync(journal.ConnectionString, Cancellation);
        var open = Appends.Start(owner: executor.Lease.Id);
        await AppendAllAsync(journal, open);
        await Until.TrueAsync(() => executor.Lease.CanClaim, "claims are allowed", Cancellation);

        Assert.Equal(2, (await executor.Claims.TryClaimAsync(Appends.Tenant, open.RunId, 1, overdue: false, Cancellation))?.Epoch);
    }

    [Fact]
    public async Task A_run_given_up_is_found_and_claimed_though_its_old_owner_lives()
    {
        await using var journal = await JournalUnderTest.StartAsync(postgres, Cancellation);
        await using var owner = await LeaseUnderTest.StartAsync(journal.ConnectionString, Cancellation);
        await using var other = await LeaseUnderTest.StartAsync(journal.ConnectionString, Cancellation);
        var open = Appends.Start(owner: owner.Lease.Id);
        await AppendAllAsync(journal, open);
        await Until.TrueAsync(() => other.Lease.CanClaim, "claims are allowed", Cancellation);
        Assert.Equal([(Appends.Tenant, open.RunId)], await owner.Claims.OwnRunsAsync(Cancellation));

        await owner.Claims.GiveUpAsync(Appends.Tenant, open.RunId, Cancellation);

        Assert.Single(await other.Claims.FindOrphansAsync(Cancellation));
        Assert.Equal(2, (await other.Claims.TryClaimAsync(Appends.Tenant, open.RunId, 1, overdue: false, Cancellation))?.Epoch);
    }

    [Fact]
    public async Task A_run_that_waits_for_a_person_is_no_orphan()
    {
        await using var journal = await JournalUnderTest.StartAsync(postgres, Cancellation);
        await using var executor = await LeaseUnderTest.StartAsync(journal.ConnectionString, Cancellation);
        var open = Appends.Start(owner: Appends.NewId());
        await AppendAllAsync(journal, open);
        Assert.Single(await executor.Claims.FindOrphansAsync(Cancellation));

        await executor.Claims.ParkAsync(Appends.Tenant, open.RunId, 1, until: null, Cancellation);

        Assert.Empty(await executor.Claims.FindOrphansAsync(Cancellation));
    }

    private static async Task AppendAllAsync(JournalUnderTest journal, params JournalAppend[] appends)
    {
        foreach (var append in appends)
        {
            Assert.Equal(AppendResult.Committed, await journal.Journal.AppendAsync(append, Cancellation));
        }
    }
}
