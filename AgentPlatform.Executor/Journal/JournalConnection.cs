using AgentPlatform.Executor.Storage;
using Npgsql;

namespace AgentPlatform.Executor.Journal;

/// <summary>The writer's connection, kept open between commits, and what one commit says over it.</summary>
internal sealed class JournalConnection(WriterDataSource database) : IAsyncDisposable
{
    private NpgsqlConnection? _connection;

    /// <summary>Commits the appends together and settles each. When it throws none is settled, though all may be stored.</summary>
    public async Task CommitAsync(List<PendingAppend> appends, CancellationToken cancellationToken)
    {
        try
        {
            _connection ??= await database.OpenConnectionAsync(cancellationToken);
            var stored = await InsertAsync(_connection, appends, cancellationToken);
            if (stored.Count < appends.Count)
            {
                var absent = appends.FindAll(pending => !stored.Contains(pending.Append.AppendId));
                await SettleAbsentAsync(_connection, absent, cancellationToken);
            }

            foreach (var pending in appends)
            {
                if (stored.Contains(pending.Append.AppendId))
                {
                    pending.Settle(AppendResult.Committed);
                }
            }
        }
        catch (Exception)
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    private static async Task<HashSet<Guid>> InsertAsync(
        NpgsqlConnection connection, List<PendingAppend> appends, CancellationToken cancellationToken)
    {
        var stored = new HashSet<Guid>(appends.Count);
        await using var batch = JournalBatch.Create(connection, appends);
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        do
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                stored.Add(rows.GetGuid(0));
            }
        }
        while (await rows.NextResultAsync(cancellationToken));
        return stored;
    }

    private static async Task SettleAbsentAsync(
        NpgsqlConnection connection, List<PendingAppend> absent, CancellationToken cancellationToken)
    {
        var results = new AppendResult[absent.Count];
        await using (var command = JournalBatch.CreateStanding(connection, absent))
        {
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                var place = (int)rows.GetInt64(0) - 1;
                results[place] = Judge(absent[place].Append, Value<Guid>(rows, 1), Value<long>(rows, 2), Value<long>(rows, 3));
            }
        }

        for (var place = 0; place < results.Length; place++)
        {
            absent[place].Settle(results[place]);
        }
    }

    // No row in its place: the turn of its session belongs to another run, which is found by loading the session again.
    private static AppendResult Judge(JournalAppend append, Guid? standing, long? itsEpoch, long? runEpoch) =>
        standing == append.AppendId ? AppendResult.Committed
        : itsEpoch > append.Epoch || runEpoch > append.Epoch ? AppendResult.Fenced
        : AppendResult.Superseded;

    private static T? Value<T>(NpgsqlDataReader rows, int column) where T : struct =>
        rows.IsDBNull(column) ? null : rows.GetFieldValue<T>(column);
}
