using AgentPlatform.Core.ChatModels;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Runs;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AgentPlatform.Executor.Budgets;

/// <summary>
/// Budgets as a run meets them: before its first append it sets aside all that it may use, and may use no more than that; after its last append what
/// it really used is counted. Who has no budget meets nothing of this.
/// </summary>
internal sealed partial class RunBudgets(
    BudgetPlan plan,
    BudgetBook book,
    ChatModelCatalogue models,
    IOptions<BudgetOptions> options,
    AgentMetrics metrics,
    TimeProvider clock,
    ILogger<RunBudgets> logger) : IDisposable
{
    /// <summary>Runs of one tenant reserve one after the other; more at a time would only hold connections that others need.</summary>
    private const int AtOnce = 4;

    private static readonly TimeSpan ReserveWithin = TimeSpan.FromSeconds(5);

    /// <summary>What an answer may wait for its settlement; the sweeper makes it otherwise.</summary>
    private static readonly TimeSpan SettleWithin = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _reserving = new(AtOnce);

    /// <summary>Sets aside what the run may use. The same run may ask again.</summary>
    /// <param name="cut">Ends the wait: the run is stopped before it begins.</param>
    /// <returns>What it may use; without bounds when no budget applies.</returns>
    /// <exception cref="RunRefusedException">A budget does not allow the run, or the database did not say in time.</exception>
    public ValueTask<RunBounds> ReserveAsync(RunRequest request, AgentDefinition agent, CancellationToken cut, CancellationToken stopping) =>
        plan.For(request.TenantId, request.SessionId) is { Count: > 0 } budgets
            ? new ValueTask<RunBounds>(ReserveAsync(AskOf(request, agent, budgets), request.Timeout, cut, stopping))
            : ValueTask.FromResult(RunBounds.None);

    /// <summary>Counts what an ended run used. Never fails: what is not settled now is settled later.</summary>
    public async Task SettleAsync(RunIdentity run, string? sessionId)
    {
        if (plan.For(run.TenantId, sessionId).Count == 0)
        {
            return;
        }

        try
        {
            // Of nobody's token: the run has ended, whatever becomes of its host.
            await book.SettleAsync(run.TenantId, run.RunId, CancellationToken.None).WaitAsync(SettleWithin, clock);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or ObjectDisposedException)
        {
            LogNotSettled(logger, exception, run.RunId);
        }
    }

    public void Dispose() => _reserving.Dispose();

    private async Task<RunBounds> ReserveAsync(BudgetAsk ask, double seconds, CancellationToken cut, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Min(seconds, ReserveWithin.TotalSeconds)), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cut, stopping);
        try
        {
            await _reserving.WaitAsync(either.Token);
            try
            {
                return BoundsOf(ask, await book.ReserveAsync(ask, either.Token));
            }
            finally
            {
                _reserving.Release();
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stopping.IsCancellationRequested && !cut.IsCancellationRequested)
        {
            throw new RunRefusedException(ProblemCodes.DatabaseUnavailable);
        }
    }

    private RunBounds BoundsOf(BudgetAsk ask, ReserveResult result)
    {
        if (result is ReserveResult.Refused { Exceeded: var exceeded })
        {
            metrics.BudgetRefused(exceeded.Scope, exceeded.Unit);
            LogRefused(logger, ask.RunId, exceeded.Scope, exceeded.Unit, exceeded.Limit, ask.TenantId, exceeded.ResetsAt);
            throw new RunRefusedException(exceeded);
        }

        // Nothing set aside is no bound: no budget counts that. A run that had begun before keeps the bounds it began with.
        return result is ReserveResult.Reserved reserved
            ? new RunBounds(reserved.Tokens > 0 ? reserved.Tokens : null, reserved.CostUsd > 0 ? reserved.CostUsd : null)
            : RunBounds.None;
    }

    /// <summary>Never more than a whole budget: else one run that may use more could never begin.</summary>
    private BudgetAsk AskOf(RunRequest request, AgentDefinition agent, IReadOnlyList<Budget> budgets)
    {
        var tokens = agent.Limits.MaxTotalTokens ?? options.Value.ReserveTokens;
        var cost = agent.Limits.MaxCostUsd ?? CostOf(agent, tokens);
        return new BudgetAsk(
            request.TenantId,
            request.RunId,
            budgets.Min(budget => budget.Tokens) is { } mostTokens ? Math.Min(tokens, mostTokens) : 0,
            budgets.Min(budget => budget.CostUsd) is { } mostCost ? Math.Min(cost, mostCost) : 0m,
            budgets);
    }

    /// <summary>So many tokens at the highest price of all the agent's models.</summary>
    private decimal CostOf(AgentDefinition agent, long tokens) =>
        agent.FallbackModels.Prepend(agent.Model).Max(name => models.TryGet(name)?.HighestPrice ?? 0m) * tokens;

    [LoggerMessage(EventId = 1, EventName = "budget_exceeded", Level = LogLevel.Information, Message = "Run {RunId} is refused: the {Scope}'s budget of {Limit} {Unit} of tenant {TenantId} does not allow it until {ResetsAt}")]
    private static partial void LogRefused(ILogger logger, Guid runId, string scope, string unit, decimal limit, string tenantId, DateTimeOffset resetsAt);

    [LoggerMessage(EventId = 2, EventName = "run_not_settled", Level = LogLevel.Warning, Message = "What run {RunId} used is not counted yet; the next look at budgets does it")]
    private static partial void LogNotSettled(ILogger logger, Exception exception, Guid runId);
}
