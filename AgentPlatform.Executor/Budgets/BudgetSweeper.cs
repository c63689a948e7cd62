using AgentPlatform.Core.ChatModels;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Budgets;

/// <summary>
/// Takes care of what executors left behind when they died: settles runs that have ended, gives back what runs that never began had set aside. Every
/// executor does, and they need not agree: each step is the same done twice. Without a budget there is nothing to do, and nothing is asked of the database.
/// </summary>
internal sealed partial class BudgetSweeper(
    BudgetPlan plan, BudgetBook book, ChatModelCatalogue models, TimeProvider clock, IOptions<BudgetOptions> options, ILogger<BudgetSweeper> logger)
    : BackgroundService
{
    /// <summary>Reservations of one look.</summary>
    private const int Batch = 100;

    /// <exception cref="OptionsValidationException">A budget in US dollars cannot be kept.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        var unpriced = plan.NeedsPrices ? models.Models.Select(model => model.Name).Where(name => models.Get(name).HighestPrice is null).ToList() : [];
        if (unpriced.Count > 0)
        {
            throw new OptionsValidationException(
                BudgetOptions.Section,
                typeof(BudgetOptions),
                unpriced.Select(name => $"{BudgetOptions.Section}: CostUsd cannot be kept while a model has no price: set Models:{name}:InputPrice and Models:{name}:OutputPrice."));
        }

        return plan.Any ? base.StartAsync(cancellationToken) : Task.CompletedTask;
    }

    /// <summary>One look, batch after batch until nothing is left.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var found = Batch;
        while (found == Batch)
        {
            var left = await book.LeftBehindAsync(Batch, options.Value.ReturnAfter, cancellationToken);
            found = left.Count;
            foreach (var one in left)
            {
                await (one.HasBegun
                    ? book.SettleAsync(one.TenantId, one.RunId, cancellationToken)
                    : book.GiveBackAsync(one.TenantId, one.RunId, cancellationToken));
            }

            if (found > 0)
            {
                var begun = left.Count(one => one.HasBegun);
                LogSwept(logger, begun, found - begun);
            }
        }

        await book.DropEmptyAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, exception);
            }
        }
    }

    [LoggerMessage(EventId = 1, EventName = "budgets_swept", Level = LogLevel.Information, Message = "Settled {Ended} runs that others had left behind; {Unbegun} never began and gave their budget back")]
    private static partial void LogSwept(ILogger logger, int ended, int unbegun);

    [LoggerMessage(EventId = 2, EventName = "budget_sweep_failed", Level = LogLevel.Warning, Message = "Looking after budgets failed; trying again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
