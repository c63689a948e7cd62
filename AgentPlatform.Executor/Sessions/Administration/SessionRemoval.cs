using AgentPlatform.Executor.Budgets;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Sessions.Administration;

/// <summary>
/// Takes a session away with all that belongs to it, in one transaction. The lock on the session's row makes a run that
/// begins meanwhile wait, so it begins in a session that is new. With an open run, waiting ones included, nothing is removed: whoever
/// works on it would write behind the removal.
/// </summary>
internal sealed class SessionRemoval(ApplicationDataSource dataSource, BudgetPlan plan, BudgetBook book)
{
    private const string Lock =
        "SELECT 1 FROM sessions WHERE tenant_id = $1 AND session_id = $2 FOR UPDATE";

    private const string HasOpenRun =
        "SELECT 1 FROM runs WHERE tenant_id = $1 AND session_id = $2 AND finished_at IS NULL LIMIT 1";

    private const string Delete =
        """
        WITH gone AS (DELETE FROM runs WHERE tenant_id = $1 AND session_id = $2 RETURNING run_id),
        events AS (DELETE FROM run_events USING gone WHERE run_events.tenant_id = $1 AND run_events.run_id = gone.run_id),
        outcomes AS (DELETE FROM tool_outcomes USING gone WHERE tool_outcomes.tenant_id = $1 AND tool_outcomes.run_id = gone.run_id),
        keys AS (DELETE FROM idempotency_keys USING gone WHERE idempotency_keys.tenant_id = $1 AND idempotency_keys.run_id = gone.run_id)
        DELETE FROM sessions WHERE tenant_id = $1 AND session_id = $2
        """;

    public async Task<SessionRemovalResult> RemoveAsync(string tenantId, string sessionId, CancellationToken cancellationToken)
    {
        await using var transaction = await dataSource.For(tenantId).BeginAsync(cancellationToken);
        if (!await AnyAsync(Lock))
        {
            return SessionRemovalResult.NotFound;
        }

        if (await AnyAsync(HasOpenRun))
        {
            return SessionRemovalResult.Busy;
        }

        if (plan.Any)
        {
            // What its runs used stays counted.
            await book.SettleSessionAsync(tenantId, sessionId, cancellationToken);
        }

        await using var delete = Command(Delete);
        await delete.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return SessionRemovalResult.Removed;

        NpgsqlCommand Command(string sql)
        {
            var command = transaction.CreateCommand(sql);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId, NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = sessionId, NpgsqlDbType = NpgsqlDbType.Text });
            return command;
        }

        async Task<bool> AnyAsync(string sql)
        {
            await using var command = Command(sql);
            return await command.ExecuteScalarAsync(cancellationToken) is not null;
        }
    }
}

/// <summary>What became of a removal.</summary>
internal enum SessionRemovalResult
{
    Removed,

    NotFound,

    /// <summary>A run of the session has not ended; nothing was removed.</summary>
    Busy,
}

/// <summary>
/// How <c>DELETE /sessions/{id}</c> removes a session. Where a session has a writer, the writer does it: it stops its run,
/// calls <see cref="SessionRemoval"/> and forgets what it holds. It answers <see cref="SessionRemovalResult.Busy"/> when the
/// run does not stop within a second.
/// </summary>
internal delegate Task<SessionRemovalResult> RemoveSession(string tenantId, string sessionId, CancellationToken cancellationToken);
