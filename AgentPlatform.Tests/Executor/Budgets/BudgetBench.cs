using AgentPlatform.Core.ChatModels;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Budgets;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Executor.Queries;
using AgentPlatform.Tests.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Budgets;

/// <summary>The account of budgets as one executor holds it, on a real database; others can be opened on the same one.</summary>
internal sealed class BudgetBench : IAsyncDisposable
{
    public const string Tenant = "t";

    private readonly string _connectionString;
    private readonly ApplicationDataSource _application;
    private readonly WriterDataSource _writer;
    private readonly NpgsqlDataSource _connections;

    private BudgetBench(string connectionString)
    {
        _connectionString = connectionString;
        _application = new ApplicationDataSource(connectionString, new StorageOptions());
        _writer = new WriterDataSource(connectionString, new StorageOptions());
        _connections = NpgsqlDataSource.Create(connectionString);
        Book = new BudgetBook(_application, _writer);
    }

    public static BudgetWindow Month { get; } = BudgetWindow.Parse("Month")!;

    public BudgetBook Book { get; }

    public ApplicationDataSource Application => _application;

    public WriterDataSource Writer => _writer;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public static async Task<BudgetBench> StartAsync(PostgresFixture postgres, string more = "") =>
        new(await postgres.CreateDatabaseAsync(Ending) + more);

    public BudgetBench Another() => new(_connectionString);

    public static Budget TenantOf(long? runs = null, long? tokens = null, decimal? cost = null) => new(Budget.OfTenant, runs, tokens, cost, Month);

    public static Budget SessionOf(string sessionId, long? runs = null, long? tokens = null) => new(sessionId, runs, tokens, null, Month);

    public static Guid NewRun() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    public static BudgetAsk Ask(Guid runId, long tokens, params Budget[] budgets) => new(Tenant, runId, tokens, tokens / 1000m, budgets);

    public Task<ReserveResult> ReserveAsync(Guid runId, long tokens, params Budget[] budgets) => Book.ReserveAsync(Ask(runId, tokens, budgets), Ending);

    public Task SettleAsync(Guid runId) => Book.SettleAsync(Tenant, runId, Ending);

    /// <summary>The run's first append has landed.</summary>
    public async Task BeginAsync(Guid runId, string? sessionId = null, int? turn = null)
    {
        var run = Rows.Run(Tenant, runId, RunStatus.Running);
        (run.SessionId, run.Turn) = (sessionId, turn);
        await using var context = PostgresFixture.CreateContext(_connections);
        context.Add(run);
        await context.SaveChangesAsync(Ending);
    }

    /// <summary>The run's last append has landed.</summary>
    public Task EndAsync(Guid runId, long tokens, decimal? cost = 0) => ExecuteAsync(
        $"UPDATE runs SET finished_at = now(), status = 'completed', input_tokens = {tokens - 1}, output_tokens = 1, cost_usd = {(cost is null ? "NULL" : FormattableString.Invariant($"{cost}"))} WHERE run_id = '{runId}'");

    /// <summary>All windows of a budget together.</summary>
    public async Task<(decimal UsedRuns, decimal UsedTokens, decimal UsedCost, decimal Runs, decimal Tokens, decimal Cost)> AccountAsync(string sessionId = Budget.OfTenant)
    {
        await using var command = _connections.CreateCommand(
            $"""
            SELECT coalesce(sum(used_runs), 0), coalesce(sum(used_tokens), 0), coalesce(sum(used_cost_usd), 0),
                   coalesce(sum(reserved_runs), 0), coalesce(sum(reserved_tokens), 0), coalesce(sum(reserved_cost_usd), 0)
            FROM budget_windows WHERE session_id = '{sessionId}'
            """);
        await using var rows = await command.ExecuteReaderAsync(Ending);
        await rows.ReadAsync(Ending);
        return (rows.GetDecimal(0), rows.GetDecimal(1), rows.GetDecimal(2), rows.GetDecimal(3), rows.GetDecimal(4), rows.GetDecimal(5));
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var command = _connections.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Ending))!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _connections.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ending);
    }

    /// <summary>One look of the sweeper.</summary>
    public async Task SweepAsync(TimeSpan? returnAfter = null)
    {
        var options = Options.Create(new BudgetOptions { Tenant = new BudgetLimits { Runs = 1 }, ReturnAfter = returnAfter ?? TimeSpan.FromMinutes(1) });
        using var models = new ChatModelCatalogue();
        using var sweeper = new BudgetSweeper(new BudgetPlan(options), Book, models, TimeProvider.System, options, NullLogger<BudgetSweeper>.Instance);
        await sweeper.SweepAsync(Ending);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        await _writer.DisposeAsync();
        await _connections.DisposeAsync();
    }
}
