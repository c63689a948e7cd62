using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Budgets;
using AgentPlatform.Tests.Postgres;
using Xunit;

namespace AgentPlatform.Tests.Executor.Budgets;

public sealed class BudgetWindowTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Windows_follow_each_other_in_UTC_wherever_the_database_stands()
    {
        await using var bench = await BudgetBench.StartAsync(postgres, ";Timezone=America/New_York");

        var hour = await StandingAsync("Hour");
        Assert.Equal((TimeSpan.FromHours(1), 0, "hour"), (hour.ResetsAt - hour.StartsAt, hour.StartsAt.UtcDateTime.TimeOfDay.Ticks % TimeSpan.TicksPerHour, hour.Window));
        var day = await StandingAsync("day");
        Assert.Equal((TimeSpan.FromDays(1), TimeSpan.Zero), (day.ResetsAt - day.StartsAt, day.StartsAt.UtcDateTime.TimeOfDay));
        var week = await StandingAsync("7.00:00:00");
        Assert.Equal((TimeSpan.FromDays(7), TimeSpan.Zero, DayOfWeek.Monday), (week.ResetsAt - week.StartsAt, week.StartsAt.UtcDateTime.TimeOfDay, week.StartsAt.UtcDateTime.DayOfWeek));
        var month = await StandingAsync("Month");
        Assert.Equal((1, TimeSpan.Zero), (month.StartsAt.UtcDateTime.Day, month.StartsAt.UtcDateTime.TimeOfDay));
        Assert.Equal(month.StartsAt.UtcDateTime.AddMonths(1), month.ResetsAt.UtcDateTime);
        var now = TimeProvider.System.GetUtcNow();
        Assert.All((BudgetStanding[])[hour, day, week, month], window => Assert.True(window.StartsAt <= now && now < window.ResetsAt, $"{window}"));

        async Task<BudgetStanding> StandingAsync(string window) => Assert.Single(await bench.Book.StandingAsync(
            BudgetBench.Tenant, [new Budget(Budget.OfTenant, 1, null, null, BudgetWindow.Parse(window)!)], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_new_window_begins_with_nothing_used_and_a_run_is_counted_where_it_was_let_in()
    {
        await using var bench = await BudgetBench.StartAsync(postgres);
        var budget = new Budget(Budget.OfTenant, 1, null, null, BudgetWindow.Parse("00:00:01")!);
        var run = BudgetBench.NewRun();
        await bench.ReserveAsync(run, 10, budget);
        await bench.BeginAsync(run);

        await Until.TrueAsync(
            async () => await bench.ReserveAsync(BudgetBench.NewRun(), 10, budget) is ReserveResult.Reserved, "the next second", TestContext.Current.CancellationToken);
        await bench.EndAsync(run, tokens: 5);
        await bench.SettleAsync(run);

        Assert.Equal(2, await bench.CountAsync("SELECT count(*) FROM budget_windows WHERE used_runs + reserved_runs = 1"));
        Assert.Equal(1, await bench.CountAsync("SELECT count(*) FROM budget_windows WHERE used_tokens = 5 AND reserved_runs = 0"));
    }
}
