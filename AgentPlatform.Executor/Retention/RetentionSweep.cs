using AgentPlatform.Executor.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AgentPlatform.Executor.Retention;

/// <summary>
/// Removes what is older than it may be, in small batches with pauses: keys of callers, ended runs without a session, idle sessions with all of
/// theirs, the accounts of budgets. Versions of agents stay: they are few, and an executor may start a run on any of them.
/// </summary>
internal sealed class RetentionSweep(WriterDataSource database, TimeProvider timeProvider, IOptions<RetentionOptions> options)
{
    /// <summary>A batch waits for nobody, but one of long runs may take longer than a commit may.</summary>
    private const int CommandTimeoutSeconds = 60;

    private readonly RetentionOptions _options = options.Value;

    public async Task<Swept> SweepAsync(CancellationToken cancellationToken)
    {
        var before = timeProvider.GetUtcNow() - TimeSpan.FromDays(_options.Days);
        var keys = await AllAsync(RetentionStatements.Keys, null, cancellationToken);
        var runs = await AllAsync(RetentionStatements.Runs, before, cancellationToken);
        var sessions = await AllAsync(RetentionStatements.Sessions, before, cancellationToken);
        await AllAsync(RetentionStatements.BudgetWindows, before, cancellationToken);
        await AllAsync(RetentionStatements.AuditEvents, timeProvider.GetUtcNow() - TimeSpan.FromDays(_options.AuditDays), cancellationToken);
        return new Swept(runs.First + sessions.First, sessions.Second, keys.First);
    }

    /// <summary>Batch after batch until one finds nothing.</summary>
    private async Task<(long First, long Second)> AllAsync(string sql, DateTimeOffset? before, CancellationToken cancellationToken)
    {
        var (first, second) = (0L, 0L);
        while (true)
        {
            var batch = await BatchAsync(sql, before, cancellationToken);
            first += batch.First;
            second += batch.Second;
            if (batch is (0, 0))
            {
                return (first, second);
            }

            await Task.Delay(_options.Pause, timeProvider, cancellationToken);
        }
    }

    private async Task<(long First, long Second)> BatchAsync(string sql, DateTimeOffset? before, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = CommandTimeoutSeconds;
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = _options.BatchSize });
        if (before is { } cut)
        {
            command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = cut });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.FieldCount > 1 ? reader.GetInt64(1) : 0);
    }
}

/// <summary>How much a sweep removed.</summary>
internal sealed record Swept(long Runs, long Sessions, long Keys)
{
    public bool Anything => Runs + Sessions + Keys > 0;
}
