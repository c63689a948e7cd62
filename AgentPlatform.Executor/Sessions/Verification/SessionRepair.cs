using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Journal;
using AgentPlatform.Executor.Runs;
using AgentPlatform.Executor.Runs.Queries;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Sessions.Verification;

/// <summary>
/// Mends what is stored of runs and sessions. The journal is the truth, the rows follow it. Nothing here touches a run that is open and
/// whose executor is alive: every statement asks that of the database.
/// </summary>
internal sealed class SessionRepair(ApplicationDataSource dataSource, WriterDataSource journal, TimeProvider timeProvider)
{
    private const string OpenAndAlone = "finished_at IS NULL AND NOT executor_is_alive(runs.owner)";

    private const string RaiseTurns =
        "UPDATE sessions SET turns = greatest(turns, $3) WHERE tenant_id = $1 AND session_id = $2";

    private const string SelectEvents =
        $"""
        SELECT append.events FROM runs JOIN run_events AS append USING (tenant_id, run_id)
        WHERE runs.tenant_id = $1 AND runs.run_id = $2 AND {OpenAndAlone}
        ORDER BY append.first_seq
        """;

    private const string Close =
        $"""
        UPDATE runs SET status = $3, iterations = $4, input_tokens = $5, output_tokens = $6, cost_usd = $7, finished_at = $8, parked_until = NULL
        WHERE tenant_id = $1 AND run_id = $2 AND {OpenAndAlone}
        """;

    /// <summary>What the ladder told the person stays the turn's text.</summary>
    private const string Rewrite =
        """
        UPDATE runs SET status = $3, iterations = $4, input_tokens = $5, output_tokens = $6, cost_usd = $7, finished_at = $8, parked_until = NULL,
            answer = CASE WHEN degraded IS NULL THEN $9 ELSE answer END, model = $10, cached_from = $11
        WHERE tenant_id = $1 AND run_id = $2
        """;

    /// <summary>Whoever looks for orphans finds it.</summary>
    private const string Reopen =
        """
        UPDATE runs SET status = $3, finished_at = NULL, owner = '00000000-0000-0000-0000-000000000000' WHERE tenant_id = $1 AND run_id = $2
        """;

    private const string Renumber = "UPDATE runs SET turn = $3 WHERE tenant_id = $1 AND run_id = $2";

    private const string Replace = "UPDATE run_events SET events = $4 WHERE tenant_id = $1 AND run_id = $2 AND first_seq = $3";

    public Task RaiseTurnsAsync(string tenantId, string sessionId, int turns, CancellationToken cancellationToken) =>
        ExecuteAsync(tenantId, RaiseTurns, cancellationToken, Text(sessionId), new NpgsqlParameter<int> { TypedValue = turns });

    /// <summary>Closes a run as failed in its row when its journal cannot be folded, so that nobody waits for it any more.</summary>
    /// <returns>What is wrong with the journal; null when nothing is, or the run has ended, or its executor is alive.</returns>
    public async Task<string?> CloseBrokenAsync(string tenantId, Guid runId, CancellationToken cancellationToken)
    {
        var appends = new List<string>();
        await using (var command = dataSource.For(tenantId).CreateCommand(SelectEvents))
        {
            command.Parameters.Add(Text(tenantId));
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = runId });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                appends.Add(reader.GetString(0));
            }
        }

        if (appends.Count == 0)
        {
            return null;
        }

        var journal = StoredJournal.Read(appends);
        return journal.Broken is { } broken && await CloseAsync(tenantId, runId, journal.State, cancellationToken) ? broken : null;
    }

    /// <param name="state">As far as the journal can be folded.</param>
    public async Task<bool> CloseAsync(string tenantId, Guid runId, RunState state, CancellationToken cancellationToken) =>
        await ExecuteAsync(
            tenantId,
            Close,
            cancellationToken,
            [.. Row(runId, RunStatusWords.Word(RunStatus.Failed), state.Iterations, state.Usage, timeProvider.GetUtcNow())]) > 0;

    /// <summary>Makes the row of an ended run say what its journal says.</summary>
    public Task RewriteAsync(string tenantId, Guid runId, RunEnd end, CancellationToken cancellationToken) => ExecuteAsync(
        tenantId,
        Rewrite,
        cancellationToken,
        [
            .. Row(runId, end.Status, end.Iterations, new Usage(end.InputTokens, end.OutputTokens, end.CostUsd, false), end.FinishedAt),
            Text(end.Answer),
            Text(end.Model),
            new NpgsqlParameter { Value = (object?)end.CachedFrom ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
        ]);

    /// <summary>The journal goes on where the row says that it ended.</summary>
    public Task ReopenAsync(string tenantId, Guid runId, RunStatus status, CancellationToken cancellationToken) =>
        ExecuteAsync(tenantId, Reopen, cancellationToken, new NpgsqlParameter<Guid> { TypedValue = runId }, Text(RunStatusWords.Word(status)));

    /// <returns>False when another run has that turn.</returns>
    public async Task<bool> RenumberAsync(string tenantId, Guid runId, int turn, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(
                tenantId, Renumber, cancellationToken, new NpgsqlParameter<Guid> { TypedValue = runId }, new NpgsqlParameter<int> { TypedValue = turn });
            return true;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }

    /// <summary>Takes the place of the last append of a run that has ended: nobody appends to it any more.</summary>
    public async Task ReplaceLastAppendAsync(string tenantId, Guid runId, long firstSeq, string events, CancellationToken cancellationToken)
    {
        // The journal is the writer's: nobody else may change what stands in it.
        await using var command = journal.CreateCommand(Replace);
        command.Parameters.Add(Text(tenantId));
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = runId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = firstSeq });
        command.Parameters.Add(new NpgsqlParameter { Value = events, NpgsqlDbType = NpgsqlDbType.Jsonb });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static IEnumerable<NpgsqlParameter> Row(
        Guid runId, string status, int iterations, Usage usage, DateTimeOffset finishedAt) =>
    [
        new NpgsqlParameter<Guid> { TypedValue = runId },
        Text(status),
        new NpgsqlParameter<int> { TypedValue = iterations },
        new NpgsqlParameter<long> { TypedValue = usage.InputTokens },
        new NpgsqlParameter<long> { TypedValue = usage.OutputTokens },
        new NpgsqlParameter { Value = (object?)usage.CostUsd ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Numeric },
        new NpgsqlParameter<DateTimeOffset> { TypedValue = finishedAt.ToUniversalTime() },
    ];

    /// <param name="parameters">Behind the tenant.</param>
    private async Task<int> ExecuteAsync(string tenantId, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = dataSource.For(tenantId).CreateCommand(sql);
        command.Parameters.Add(Text(tenantId));
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
