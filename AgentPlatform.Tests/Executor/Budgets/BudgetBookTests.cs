using AgentPlatform.Executor.Budgets;
using AgentPlatform.Executor.Retention;
using AgentPlatform.Executor.Sessions.Administration;
using AgentPlatform.Tests.Postgres;
using Microsoft.Extensions.Options;
using Xunit;
using static AgentPlatform.Tests.Executor.Budgets.BudgetBench;

namespace AgentPlatform.Tests.Executor.Budgets;

public sealed class BudgetBookTests(PostgresFixture postgres) : IAsyncLifetime
{
    private BudgetBench _bench = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await StartAsync(postgres);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Of_two_hundred_that_ask_at_once_exactly_as_many_are_let_in_as_the_budget_allows_and_asking_again_changes_nothing()
    {
        await using var other = _bench.Another();
        var runs = Enumerable.Range(0, 200).Select(_ => NewRun()).ToList();

        var first = await AskAllAsync();
        var again = await AskAllAsync();

        Assert.Equal(50, first.Count(result => result is ReserveResult.Reserved(100, 0.1m)));
        Assert.Equal(150, first.Count(result => result is ReserveResult.Refused));
        Assert.Equal(first.Select(result => result.GetType()), again.Select(result => result.GetType()));
        Assert.Equal((0, 0, 0, 50, 5_000, 5), await _bench.AccountAsync());

        Task<ReserveResult[]> AskAllAsync() => Task.WhenAll(runs.Select((run, index) =>
            (index % 2 == 0 ? _bench : other).ReserveAsync(run, 100, TenantOf(runs: 50))));
    }

    [Fact]
    public async Task All_budgets_that_apply_allow_a_run_or_nothing_is_set_aside_in_any()
    {
        await _bench.ReserveAsync(NewRun(), 60, TenantOf(tokens: 1_000), SessionOf("s", tokens: 100));

        var refused = Assert.IsType<ReserveResult.Refused>(await _bench.ReserveAsync(NewRun(), 60, TenantOf(tokens: 1_000), SessionOf("s", tokens: 100)));

        var exceeded = refused.Exceeded;
        Assert.Equal(("session", "tokens", 100, 0, 60, 60), (exceeded.Scope, exceeded.Unit, exceeded.Limit, exceeded.Used, exceeded.Reserved, exceeded.Asked));
        Assert.True(exceeded.ResetsAt.UtcDateTime is { Day: 1, TimeOfDay.Ticks: 0 }, $"{exceeded.ResetsAt}");
        Assert.InRange(exceeded.ResetsIn, 1, 31 * 86_400);
        Assert.Equal((0, 0, 0, 1, 60, 0.06m), await _bench.AccountAsync());
        Assert.Equal((0, 0, 0, 1, 60, 0.06m), await _bench.AccountAsync("s"));
        Assert.IsType<ReserveResult.Reserved>(await _bench.ReserveAsync(NewRun(), 60, TenantOf(tokens: 1_000), SessionOf("other", tokens: 100)));
    }

    [Theory]
    [InlineData(3L, null, null, "runs")]
    [InlineData(null, 3_500L, null, "tokens")]
    [InlineData(null, null, 3.5, "cost_usd")]
    public async Task Each_unit_is_limited(long? runs, long? tokens, double? cost, string unit)
    {
        var budget = TenantOf(runs, tokens, (decimal?)cost);
        for (var allowed = 0; allowed < 3; allowed++)
        {
            Assert.IsType<ReserveResult.Reserved>(await _bench.ReserveAsync(NewRun(), 1_000, budget));
        }

        Assert.Equal(unit, Assert.IsType<ReserveResult.Refused>(await _bench.ReserveAsync(NewRun(), 1_000, budget)).Exceeded.Unit);
    }

    [Fact]
    public async Task What_a_run_really_used_takes_the_place_of_what_was_set_aside_once_whoever_settles_it_and_however_often()
    {
        await using var other = _bench.Another();
        var run = NewRun();
        await _bench.ReserveAsync(run, 100, TenantOf(runs: 2), SessionOf("s", runs: 2));
        await _bench.BeginAsync(run);
        await _bench.SettleAsync(run);
        Assert.Equal((0, 0, 0, 1, 100, 0.1m), await _bench.AccountAsync());

        await _bench.EndAsync(run, tokens: 42, cost: 0.5m);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 3 == 0 ? other.SweepAsync() : (i % 2 == 0 ? _bench : other).SettleAsync(run)));

        Assert.Equal((1, 42, 0.5m, 0, 0, 0), await _bench.AccountAsync());
        Assert.Equal((1, 42, 0.5m, 0, 0, 0), await _bench.AccountAsync("s"));
        Assert.IsType<ReserveResult.Begun>(await _bench.ReserveAsync(run, 100, TenantOf(runs: 1)));
        Assert.Equal((1, 42, 0.5m, 0, 0, 0), await _bench.AccountAsync());
        Assert.Equal(0, await _bench.CountAsync("SELECT count(*) FROM budget_reservations"));
    }

    [Fact]
    public async Task Only_its_own_commits_do_not_wait_for_the_disk()
    {
        var run = NewRun();
        await _bench.ReserveAsync(run, 100, TenantOf(runs: 2));
        await _bench.SettleAsync(run);

        await using var command = _bench.Application.For(BudgetBench.Tenant).CreateCommand("SHOW synchronous_commit");
        Assert.Equal("on", await command.ExecuteScalarAsync(Ending));
    }

    [Fact]
    public async Task Money_that_could_not_be_counted_counts_as_it_was_set_aside()
    {
        var run = NewRun();
        await _bench.ReserveAsync(run, 100, TenantOf(cost: 1));
        await _bench.BeginAsync(run);
        await _bench.EndAsync(run, tokens: 10, cost: null);

        await _bench.SettleAsync(run);

        Assert.Equal((1, 10, 0.1m, 0, 0, 0), await _bench.AccountAsync());
    }

    [Fact]
    public async Task An_open_run_keeps_what_was_set_aside_for_it_however_long_it_takes()
    {
        var run = NewRun();
        await _bench.ReserveAsync(run, 100, TenantOf(runs: 2));
        await _bench.BeginAsync(run);

        await _bench.SweepAsync(TimeSpan.Zero);

        Assert.Equal((0, 0, 0, 1, 100, 0.1m), await _bench.AccountAsync());
    }

    [Fact]
    public async Task A_run_that_never_begins_gives_back_after_a_while_and_is_counted_all_the_same_if_it_was_only_slow()
    {
        var run = NewRun();
        await _bench.ReserveAsync(run, 100, TenantOf(runs: 1));
        await _bench.SweepAsync();
        Assert.Equal((0, 0, 0, 1, 100, 0.1m), await _bench.AccountAsync());

        await _bench.SweepAsync(TimeSpan.Zero);
        Assert.Equal((0, 0, 0, 0, 0, 0), await _bench.AccountAsync());

        await _bench.BeginAsync(run);
        await _bench.EndAsync(run, tokens: 7);
        await _bench.SweepAsync();
        Assert.Equal((1, 7, 0, 0, 0, 0), await _bench.AccountAsync());
    }

    [Fact]
    public async Task A_run_that_gave_back_and_is_asked_for_again_reserves_again()
    {
        var run = NewRun();
        await _bench.ReserveAsync(run, 100, TenantOf(runs: 1));
        await _bench.SweepAsync(TimeSpan.Zero);

        Assert.IsType<ReserveResult.Reserved>(await _bench.ReserveAsync(run, 100, TenantOf(runs: 1)));

        Assert.Equal((0, 0, 0, 1, 100, 0.1m), await _bench.AccountAsync());
    }

    [Fact]
    public async Task Empty_reservations_and_windows_long_over_are_forgotten()
    {
        await _bench.ReserveAsync(NewRun(), 100, TenantOf(runs: 1));
        await _bench.SweepAsync(TimeSpan.Zero);
        await _bench.ExecuteAsync("UPDATE budget_reservations SET created_at = now() - interval '2 days'");
        await _bench.ExecuteAsync(
            """
            INSERT INTO budget_windows SELECT tenant_id, 'over', now() - interval '50 days', now() - interval '40 days', 1, 1, 1, 0, 0, 0 FROM budget_windows;
            INSERT INTO budget_windows SELECT tenant_id, 'owed', now() - interval '50 days', now() - interval '40 days', 1, 1, 1, 1, 0, 0 FROM budget_windows WHERE session_id = ''
            """);

        await _bench.SweepAsync();
        await new RetentionSweep(_bench.Writer, TimeProvider.System, Options.Create(new RetentionOptions())).SweepAsync(Ending);

        Assert.Equal(0, await _bench.CountAsync("SELECT count(*) FROM budget_reservations"));
        Assert.Equal(0, await _bench.CountAsync("SELECT count(*) FROM budget_windows WHERE session_id = 'over'"));
        Assert.Equal(2, await _bench.CountAsync("SELECT count(*) FROM budget_windows"));
    }

    [Fact]
    public async Task What_the_runs_of_a_removed_session_used_stays_counted()
    {
        var run = NewRun();
        await _bench.ReserveAsync(run, 100, TenantOf(runs: 9));
        await _bench.ExecuteAsync($"INSERT INTO sessions (tenant_id, session_id, turns, state_version, created_at, updated_at) VALUES ('{Tenant}', 's', 1, 0, now(), now())");
        await _bench.BeginAsync(run, "s", turn: 1);
        await _bench.EndAsync(run, tokens: 42);
        var plan = new BudgetPlan(Options.Create(new BudgetOptions { Tenant = new BudgetLimits { Runs = 9 } }));

        var removed = await new SessionRemoval(_bench.Application, plan, _bench.Book).RemoveAsync(Tenant, "s", Ending);
        await _bench.SweepAsync(TimeSpan.Zero);

        Assert.Equal(SessionRemovalResult.Removed, removed);
        Assert.Equal((1, 42, 0, 0, 0, 0), await _bench.AccountAsync());
    }

    [Fact]
    public async Task Whatever_happens_to_runs_and_executors_in_whatever_order_in_the_end_what_was_used_is_what_runs_used_and_nothing_is_set_aside()
    {
        await using var second = _bench.Another();
        await using var third = _bench.Another();
        BudgetBench[] executors = [_bench, second, third];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        var sweeping = Task.WhenAll(executors.Select(SweepUntilStoppedAsync));

        await Parallel.ForEachAsync(Enumerable.Range(0, 300), new ParallelOptions { MaxDegreeOfParallelism = 24, CancellationToken = Ending }, (number, _) => LiveAsync(number));
        await stop.CancelAsync();
        await sweeping;
        await _bench.SweepAsync(TimeSpan.Zero);

        var (runs, tokens) = (await _bench.CountAsync("SELECT count(*) FROM runs"), await _bench.CountAsync("SELECT sum(input_tokens + output_tokens)::bigint FROM runs"));
        Assert.Equal((runs, tokens, 0, 0, 0, 0), await _bench.AccountAsync());
        var (sessionRuns, sessionTokens) = (0m, 0m);
        foreach (var session in (string[])["s0", "s1", "s2"])
        {
            var account = await _bench.AccountAsync(session);
            Assert.Equal((0, 0, 0), (account.Runs, account.Tokens, account.Cost));
            (sessionRuns, sessionTokens) = (sessionRuns + account.UsedRuns, sessionTokens + account.UsedTokens);
        }

        Assert.Equal((runs, tokens), (sessionRuns, sessionTokens));
        // Repeated when it happens, so nothing else would show it.
        Assert.Equal(0, await _bench.CountAsync("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));

        async ValueTask LiveAsync(int number)
        {
            var random = new Random(number);
            var run = NewRun();
            Budget[] budgets = [TenantOf(tokens: 10_000), SessionOf($"s{number % 3}", runs: 80)];
            // Posted once, or again to another executor while the first is still asking.
            var results = await Task.WhenAll(executors.Take(1 + random.Next(3)).Select(executor => executor.ReserveAsync(run, 100, budgets)));
            if (results[0] is ReserveResult.Refused || random.Next(5) == 0)
            {
                return;
            }

            await _bench.BeginAsync(run);
            await second.ReserveAsync(run, 100, budgets);
            await _bench.EndAsync(run, tokens: 1 + random.Next(150));
            await Task.WhenAll(executors.Take(random.Next(4)).Select(executor => executor.SettleAsync(run)));
        }

        async Task SweepUntilStoppedAsync(BudgetBench executor)
        {
            while (!stop.IsCancellationRequested)
            {
                await executor.SweepAsync(TimeSpan.FromMilliseconds(5));
            }
        }
    }
}
