using System.Collections.Concurrent;
using AgentPlatform.Executor.Journal;
using AgentPlatform.Tests.Postgres;
using Npgsql;

namespace AgentPlatform.Tests.Executor.Journal;

/// <summary>
/// Two executors that write many runs at once while their connections are killed and their acknowledgements lost, with runs that change hands in
/// the middle and callers that give up. It keeps what was accepted, to be held against what is stored.
/// </summary>
internal sealed class JournalStress : IAsyncDisposable
{
    private const int Steps = 6;

    private readonly string _database;
    private readonly ForgetfulProxy _forgetful;
    private readonly JournalUnderTest[] _executors;
    private readonly NpgsqlDataSource _outside;
    private readonly int _seed;
    private int _appends;

    private JournalStress(string database, int seed)
    {
        _database = database;
        _seed = seed;
        _outside = NpgsqlDataSource.Create(database);
        _forgetful = new ForgetfulProxy(database);
        var options = new JournalOptions { MinRetryDelay = TimeSpan.FromMilliseconds(10), MaxRetryDelay = TimeSpan.FromMilliseconds(50), BatchRows = 20 };
        _executors = [new JournalUnderTest(_forgetful.ConnectionString, options), new JournalUnderTest(database, options)];
    }

    /// <summary>What a caller was told to be durable.</summary>
    public ConcurrentBag<JournalAppend> Accepted { get; } = [];

    /// <summary>Appends whose caller gave up: each may be stored, or not.</summary>
    public ConcurrentDictionary<Guid, byte> Uncertain { get; } = [];

    public ConcurrentDictionary<string, int> Met { get; } = [];

    public static async Task<JournalStress> StartAsync(PostgresFixture postgres, int seed, CancellationToken cancellationToken)
    {
        var stress = new JournalStress(await postgres.CreateDatabaseAsync(cancellationToken), seed);
        foreach (var executor in stress._executors)
        {
            await executor.StartWriterAsync(cancellationToken);
        }

        return stress;
    }

    /// <summary>Takes one run to its end, by one writer or by two of which the second takes it over.</summary>
    public async Task RunAsync(int number, CancellationToken cancellationToken)
    {
        var random = new Random(_seed + number);
        var run = Appends.NewId();
        var first = WriteAsync(_executors[random.Next(2)], run, epoch: 1, random, cancellationToken);
        if (random.Next(3) == 0)
        {
            await Until.TrueAsync(() => Accepted.Any(append => append.RunId == run), "the run has begun", cancellationToken);
            if (await ClaimAsync(run, cancellationToken))
            {
                await WriteAsync(_executors[random.Next(2)], run, epoch: 2, new Random(_seed - number), cancellationToken);
            }
        }

        await first;
    }

    public async Task<List<StoredRow>> RowsAsync(CancellationToken cancellationToken)
    {
        await using var command = _outside.CreateCommand(
            "SELECT run_id, first_seq, epoch, append_id, jsonb_array_length(events) FROM run_events ORDER BY run_id, first_seq");
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var stored = new List<StoredRow>();
        while (await rows.ReadAsync(cancellationToken))
        {
            stored.Add(new StoredRow(rows.GetGuid(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetGuid(3), rows.GetInt32(4)));
        }

        return stored;
    }

    public async Task<long> OpenRunsAsync(CancellationToken cancellationToken)
    {
        await using var command = _outside.CreateCommand("SELECT count(*) FROM runs WHERE finished_at IS NULL OR status <> 'completed'");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var executor in _executors)
        {
            await executor.DisposeAsync();
        }

        await _forgetful.DisposeAsync();
        await _outside.DisposeAsync();
    }

    private async Task<bool> ClaimAsync(Guid run, CancellationToken cancellationToken)
    {
        await using var command = _outside.CreateCommand("UPDATE runs SET epoch = 2 WHERE run_id = $1 AND finished_at IS NULL");
        command.Parameters.AddWithValue(run);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private async Task WriteAsync(JournalUnderTest executor, Guid run, long epoch, Random random, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = await LoadAsync(executor, run, cancellationToken);
            if (stored?.Epoch > epoch)
            {
                return;
            }

            var seq = (stored?.Events.Count ?? 0) + 1;
            for (var result = AppendResult.Committed; result == AppendResult.Committed; seq++)
            {
                if (seq > Steps)
                {
                    return;
                }

                var append = seq == 1 ? Appends.Start(run) : seq == Steps ? Appends.End(run, seq, epoch) : Appends.Step(run, seq, epoch);
                if (await AppendAsync(executor, append, random, cancellationToken) is not { } answer)
                {
                    break;
                }

                result = answer;
                if (result == AppendResult.Fenced)
                {
                    return;
                }
            }
        }
    }

    /// <returns>Null when the caller gave up.</returns>
    private async Task<AppendResult?> AppendAsync(
        JournalUnderTest executor, JournalAppend append, Random random, CancellationToken cancellationToken)
    {
        await StrikeAsync(cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (random.Next(20) == 0)
        {
            patience.CancelAfter(random.Next(3));
        }

        try
        {
            var result = await executor.Journal.AppendAsync(append, patience.Token);
            Count(result.ToString());
            if (result == AppendResult.Committed)
            {
                Accepted.Add(append);
            }

            return result;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Count("given up");
            Uncertain.TryAdd(append.AppendId, 0);
            return null;
        }
    }

    private async Task StrikeAsync(CancellationToken cancellationToken)
    {
        var append = Interlocked.Increment(ref _appends);
        if (append % 37 == 0)
        {
            _forgetful.LoseNextAnswer();
        }

        if (append % 53 == 0)
        {
            await using var command = _outside.CreateCommand(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%writer'");
            await command.ExecuteScalarAsync(cancellationToken);
            Count("killed");
        }
    }

    private async Task<StoredRun?> LoadAsync(JournalUnderTest executor, Guid run, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await executor.Journal.LoadAsync(Appends.Tenant, run, cancellationToken);
            }
            catch (NpgsqlException)
            {
                Count("load broken");
            }
        }
    }

    private void Count(string what) => Met.AddOrUpdate(what, 1, (_, count) => count + 1);

    public override string ToString() =>
        $"Seed {_seed}, {_database}: {string.Join(", ", Met.Select(pair => $"{pair.Key} {pair.Value}"))}, acknowledgements lost {_forgetful.Lost}";

    internal sealed record StoredRow(Guid RunId, long FirstSeq, long Epoch, Guid AppendId, int Events);
}
