using System.Buffers.Binary;
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

    /// <summary>After a run began: whoever lost it has noticed by then. Only a run that waited longer for a person, and was lost after that, is not looked for.</summary>
    private static readonly TimeSpan OrphansAfter = TimeSpan.FromDays(1);

    /// <summary>How far a process looks back at first; later each sweep goes on where the last one ended, so that an event is looked at once.</summary>
    private static readonly TimeSpan OrphansFirst = TimeSpan.FromDays(2);

    /// <summary>Of the times at which runs began: what one statement looks through.</summary>
    private static readonly TimeSpan OrphansSlice = TimeSpan.FromMinutes(30);

    private readonly RetentionOptions _options = options.Value;
    private DateTimeOffset? _orphansBefore;

    public async Task<Swept> SweepAsync(CancellationToken cancellationToken)
    {
        var before = timeProvider.GetUtcNow() - TimeSpan.FromDays(_options.Days);
        var keys = await AllAsync(RetentionStatements.Keys, [], cancellationToken);
        var runs = await AllAsync(RetentionStatements.Runs, [before], cancellationToken);
        var sessions = await AllAsync(RetentionStatements.Sessions, [before], cancellationToken);
        await AllAsync(RetentionStatements.BudgetWindows, [before], cancellationToken);
        await AllAsync(RetentionStatements.AuditEvents, [timeProvider.GetUtcNow() - TimeSpan.FromDays(_options.AuditDays)], cancellationToken);
        await SweepOrphansAsync(cancellationToken);
        return new Swept(runs.First + sessions.First, sessions.Second, keys.First);
    }

    private async Task SweepOrphansAsync(CancellationToken cancellationToken)
    {
        var until = timeProvider.GetUtcNow() - OrphansAfter;
        _orphansBefore ??= until - OrphansFirst;
        while (_orphansBefore is { } from && from < until)
        {
            var to = from + OrphansSlice < until ? from + OrphansSlice : until;
            await AllAsync(RetentionStatements.Orphans, [FirstIdAt(from), FirstIdAt(to)], cancellationToken);
            _orphansBefore = to;
            await Task.Delay(_options.Pause, timeProvider, cancellationToken);
        }
    }

    /// <summary>Ids of runs begin with the millisecond of their making.</summary>
    private static Guid FirstIdAt(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.ToUnixTimeMilliseconds() << 16);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Batch after batch until one finds nothing.</summary>
    private async Task<(long First, long Second)> AllAsync(string sql, object[] values, CancellationToken cancellationToken)
    {
        var (first, second) = (0L, 0L);
        while (true)
        {
            var batch = await BatchAsync(sql, values, cancellationToken);
            first += batch.First;
            second += batch.Second;
            if (batch is (0, 0))
            {
                return (first, second);
            }

            await Task.Delay(_options.Pause, timeProvider, cancellationToken);
        }
    }

    private async Task<(long First, long Second)> BatchAsync(string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = CommandTimeoutSeconds;
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = _options.BatchSize });
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
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
