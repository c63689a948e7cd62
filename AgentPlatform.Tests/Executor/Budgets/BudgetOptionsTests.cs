using AgentPlatform.Executor.Budgets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace AgentPlatform.Tests.Executor.Budgets;

public sealed class BudgetOptionsTests
{
    [Theory]
    [InlineData("Tenant:Window", "Day", "Budgets:Tenant limits nothing: give it Runs, Tokens or CostUsd, or Unlimited = true.")]
    [InlineData("Tenants:acme:Runs", "-1", "Budgets:Tenants:acme:Runs must be 0 or more.")]
    [InlineData("Session:Tokens", "0", "Budgets:Session:Tokens must be 1 or more.")]
    [InlineData("Session:CostUsd", "0", "Budgets:Session:CostUsd must be more than 0.")]
    [InlineData("ReserveTokens", "0", "ReserveTokens")]
    [InlineData("Tenant:Run", "5", "Run")]
    public void A_mistake_is_named(string key, string value, string message) =>
        Assert.Contains(message, Refusal((key, value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("Fortnight")]
    [InlineData("")]
    [InlineData("00:00:00")]
    [InlineData("00:00:00.5")]
    [InlineData("-01:00:00")]
    [InlineData("400.00:00:00")]
    public void A_window_that_is_none_is_named_with_those_there_are(string window) => Assert.Contains(
        $"Budgets:Tenant:Window '{window}' must be Hour, Day, Month, or a time span", Refusal(("Tenant:Runs", "5"), ("Tenant:Window", window)), StringComparison.Ordinal);

    [Fact]
    public void All_mistakes_come_at_once()
    {
        var message = Refusal(("Tenant:Runs", "-1"), ("Session:Unlimited", "true"), ("Session:Runs", "1"));

        Assert.Contains("Budgets:Tenant:Runs", message, StringComparison.Ordinal);
        Assert.Contains("Budgets:Session: Unlimited goes with none of Runs", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tenants_own_budget_takes_the_place_of_everybodys_and_a_sessions_stands_beside_it()
    {
        var plan = Plan(
            ("Tenant:Runs", "100"), ("Tenant:Window", "Hour"), ("Tenants:acme:CostUsd", "2.5"), ("Tenants:free:Unlimited", "true"), ("Session:Tokens", "9"));

        Assert.Equal([new Budget("", 100, null, null, new BudgetWindow("hour", 3600))], plan.For("somebody", null));
        Assert.Equal([new Budget("", null, null, 2.5m, new BudgetWindow("day", 86400)), new Budget("s", null, 9, null, new BudgetWindow("day", 86400))], plan.For("acme", "s"));
        Assert.Equal([new Budget("s", null, 9, null, new BudgetWindow("day", 86400))], plan.For("free", "s"));
        Assert.Empty(plan.For("free", null));
        Assert.True(plan is { Any: true, NeedsPrices: true });
    }

    [Fact]
    public void Without_a_budget_there_is_nothing_to_count()
    {
        Assert.False(Plan().Any);
        Assert.False(Plan(("Tenants:free:Unlimited", "true")).Any);
        Assert.Empty(Plan().For("t", "s"));
    }

    private static string Refusal(params (string Key, string Value)[] settings)
    {
        var failure = Assert.ThrowsAny<Exception>(() => Plan(settings));
        return failure is OptionsValidationException or InvalidOperationException ? failure.Message : throw failure;
    }

    private static BudgetPlan Plan(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Budgets:{setting.Key}", (string?)setting.Value)))
                .Build())
            .AddBudgetBook()
            .BuildServiceProvider();
        return services.GetRequiredService<BudgetPlan>();
    }
}
