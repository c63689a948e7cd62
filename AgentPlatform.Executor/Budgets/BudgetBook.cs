using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Storage;
using Npgsql;

namespace AgentPlatform.Executor.Budgets;

/// <summary>
/// The account of every budget, in Postgres and on its clock. A window counts what ended runs used and what is set aside for runs under way; a reservation says what is set
/// aside for which run in which window, from before the run's first append until after its last.
/// <list type="number">
/// <item>Reserve: all that a run may need, in every budget that applies, or nothing.</item>
/// <item>Settle: what an ended run used takes the place of what was reserved for it.</item>
/// <item>Give back: what was reserved for a run that has not begun.</item>
/// </list>
/// Each is one commit and may be repeated: a run is counted once, because it has one reservation and whoever settles takes it away.
/// </summary>
internal sealed class BudgetBook(ApplicationDataSource application, WriterDataSource bookkeeping)
{
    /// <summary>Attempts when the same run is reserved twice at the turn of a window: then the other one is seen.</summary>
    private const int MaxAttempts = 3;

    public async Task<ReserveResult> ReserveAsync(BudgetAsk ask, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await BriefOutage.SurviveAsync(token => TryReserveAsync(ask, token), cancellationToken) is { } result)
            {
                return result;
            }

            if (attempt == MaxAttempts)
            {
                throw new InvalidOperationException($"The reservation of run {ask.RunId} is neither there nor possible.");
            }
        }
    }

    /// <summary>Counts what the run used, if it has ended and was not counted before.</summary>
    public Task SettleAsync(string tenantId, Guid runId, CancellationToken cancellationToken) =>
        CloseAsync(BudgetStatements.Settle, tenantId, runId, cancellationToken);

    /// <summary>Sets nothing aside any more for a run that has not begun.</summary>
    public Task GiveBackAsync(string tenantId, Guid runId, CancellationToken cancellationToken) =>
        CloseAsync(BudgetStatements.GiveBack, tenantId, runId, cancellationToken);

    /// <summary>Settles what executors that are gone left behind in a session, before its runs are removed.</summary>
    public async Task SettleSessionAsync(string tenantId, string sessionId, CancellationToken cancellationToken)
    {
        var runs = new List<Guid>();
        await using (var command = application.For(tenantId).CreateCommand(BudgetStatements.LeftInSession))
        {
            command.Parameters.AddValue(tenantId);
            command.Parameters.AddValue(sessionId);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                runs.Add(rows.GetGuid(0));
            }
        }

        foreach (var runId in runs)
        {
            await SettleAsync(tenantId, runId, cancellationToken);
        }
    }

    /// <summary>Reservations that nobody took care of, of all tenants.</summary>
    public async Task<IReadOnlyList<LeftReservation>> LeftBehindAsync(int most, TimeSpan returnAfter, CancellationToken cancellationToken)
    {
        await using var command = bookkeeping.CreateCommand(BudgetStatements.LeftBehind);
        command.Parameters.AddValue(most);
        command.Parameters.AddValue(returnAfter);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var left = new List<LeftReservation>();
        while (await rows.ReadAsync(cancellationToken))
        {
            left.Add(new LeftReservation(rows.GetString(0), rows.GetGuid(1), rows.GetBoolean(2)));
        }

        return left;
    }

    /// <summary>Forgets reservations that were given back long ago.</summary>
    public async Task DropEmptyAsync(CancellationToken cancellationToken)
    {
        await using var command = bookkeeping.CreateCommand(BudgetStatements.DropEmpty);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>How the present windows of these budgets stand.</summary>
    public Task<IReadOnlyList<BudgetStanding>> StandingAsync(string tenantId, IReadOnlyList<Budget> budgets, CancellationToken cancellationToken) =>
        BriefOutage.SurviveAsync<IReadOnlyList<BudgetStanding>>(
            async token =>
            {
                await using var command = application.For(tenantId).CreateCommand(BudgetStatements.Standing);
                command.Parameters.AddBudgets(tenantId, budgets);
                await using var rows = await command.ExecuteReaderAsync(token);
                var standings = new List<BudgetStanding>();
                while (await rows.ReadAsync(token))
                {
                    standings.Add(StandingOf(budgets.First(budget => budget.SessionId == rows.GetString(0)), rows));
                }

                return standings;
            },
            cancellationToken);

    /// <returns>Null when the same run was being reserved elsewhere in another window.</returns>
    private async Task<ReserveResult?> TryReserveAsync(BudgetAsk ask, CancellationToken cancellationToken)
    {
        await using var batch = application.For(ask.TenantId).CreateBatch();
        batch.Add(new NpgsqlBatchCommand(BudgetStatements.WithoutWaiting));
        foreach (var sql in (string[])[BudgetStatements.OpenWindows, BudgetStatements.LockWindows, BudgetStatements.Reserve])
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.AddBudgets(ask.TenantId, ask.Budgets);
            if (sql == BudgetStatements.Reserve)
            {
                command.Parameters.AddValue(ask.RunId);
                command.Parameters.AddValue(ask.Tokens);
                command.Parameters.AddValue(ask.CostUsd);
            }

            batch.Add(command);
        }


        // Read to the end: what went wrong in the last statement shows there.
        ReserveResult? result = null;
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        do
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                result ??= rows.FieldCount > 1 ? ResultOf(rows) : null;
            }
        }
        while (await rows.NextResultAsync(cancellationToken));
        return result;
    }

    private async Task CloseAsync(string sql, string tenantId, Guid runId, CancellationToken cancellationToken) => await BriefOutage.SurviveAsync(
        async token =>
        {
            await using var batch = application.For(tenantId).CreateBatch();
            batch.Add(new NpgsqlBatchCommand(BudgetStatements.WithoutWaiting));
            foreach (var statement in (string[])[BudgetStatements.LockReserved, sql])
            {
                var command = new NpgsqlBatchCommand(statement);
                command.Parameters.AddValue(tenantId);
                command.Parameters.AddValue(runId);
                batch.Add(command);
            }

            return await batch.ExecuteNonQueryAsync(token);
        },
        cancellationToken);

    private static ReserveResult ResultOf(NpgsqlDataReader row) => row.GetInt32(0) switch
    {
        2 => new ReserveResult.Begun(),
        3 => new ReserveResult.Refused(new BudgetExceeded
        {
            Scope = Budget.ScopeOf(row.GetString(3)),
            Unit = row.GetString(4),
            Limit = row.GetDecimal(5),
            Used = row.GetDecimal(6),
            Reserved = row.GetDecimal(7),
            Asked = row.GetDecimal(8),
            ResetsAt = row.GetFieldValue<DateTimeOffset>(9),
            ResetsIn = Math.Max(1, row.GetInt64(10)),
        }),
        _ => new ReserveResult.Reserved(row.GetInt64(1), row.GetDecimal(2)),
    };

    private static BudgetStanding StandingOf(Budget budget, NpgsqlDataReader row) => new()
    {
        Scope = budget.Scope,
        SessionId = budget.SessionId == Budget.OfTenant ? null : budget.SessionId,
        Window = budget.Window.Name,
        StartsAt = row.GetFieldValue<DateTimeOffset>(1),
        ResetsAt = row.GetFieldValue<DateTimeOffset>(2),
        Runs = new BudgetUse(budget.Runs, row.GetDecimal(3), row.GetDecimal(4)),
        Tokens = new BudgetUse(budget.Tokens, row.GetDecimal(5), row.GetDecimal(6)),
        CostUsd = new BudgetUse(budget.CostUsd, row.GetDecimal(7), row.GetDecimal(8)),
    };
}

/// <summary>A reservation whose executor did not settle it, or not yet.</summary>
/// <param name="HasBegun">The run stands in the journal; else it never began.</param>
internal sealed record LeftReservation(string TenantId, Guid RunId, bool HasBegun);
