using AgentPlatform.Core.ChatModels;
using AgentPlatform.Core.ChatModels.Builtin;
using AgentPlatform.Executor.Budgets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace AgentPlatform.Tests.Executor.Budgets;

public sealed class BudgetPricesTests
{
    [Theory]
    [InlineData(3.0, null, 1.0, false)]
    [InlineData(null, 15.0, 1.0, false)]
    [InlineData(3.0, 15.0, 1.0, true)]
    [InlineData(null, null, null, true)]
    public async Task A_budget_in_money_ends_the_start_while_a_model_has_no_price(double? input, double? output, double? budget, bool starts)
    {
        using var models = new ChatModelCatalogue();
        models.Fill([new ChatModel(
            new ModelSettings("second", "openai", null, null, "m", (decimal?)input, (decimal?)output, "test", "test"), "m", new BuiltinChatClient())]);
        var options = Options.Create(new BudgetOptions { Session = budget is null ? null : new BudgetLimits { CostUsd = (decimal)budget } });
        using var sweeper = new BudgetSweeper(new BudgetPlan(options), null!, models, TimeProvider.System, options, NullLogger<BudgetSweeper>.Instance);

        if (starts)
        {
            await sweeper.StartAsync(TestContext.Current.CancellationToken);
            await sweeper.StopAsync(TestContext.Current.CancellationToken);
            return;
        }

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => sweeper.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("CostUsd cannot be kept while a model has no price: set Models:second:InputPrice and Models:second:OutputPrice", failure.Message, StringComparison.Ordinal);
    }
}
