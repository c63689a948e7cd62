using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Postgres;
using Npgsql;

namespace AgentPlatform.Tests.Executor.Runs.Activations;

/// <summary>Two executors that do not know of each other on one database, and a client that asks as the API does.</summary>
internal sealed class TwoExecutors : IAsyncDisposable
{
    private const string Agent = "name: default\ndescription: Echoes.\ninstructions: Echo.\ntools: [calculator]\ncache:\n  enabled: false\n";

    private readonly string _agents = Directory.CreateTempSubdirectory("agents-").FullName;
    private readonly FakeModelServer _model;
    private readonly NpgsqlDataSource _database;
    private readonly ExecutorProcess[] _executors;
    private int _retries;

    private TwoExecutors(FakeModelServer model, string database)
    {
        File.WriteAllText(Path.Combine(_agents, "default.yaml"), Agent);
        _model = model;
        _database = NpgsqlDataSource.Create(database);
        _executors = [ExecutorProcess.Start(database, model.BaseUrl, _agents), ExecutorProcess.Start(database, model.BaseUrl, _agents)];
    }

    /// <summary>Answers by echo, after one call of the calculator when the question is a sum.</summary>
    public FakeModelServer Model => _model;

    public static async Task<TwoExecutors> StartAsync(PostgresFixture postgres, CancellationToken cancellationToken)
    {
        var model = await FakeModelServer.StartAsync(cancellationToken);
        var executors = new TwoExecutors(model, await postgres.CreateDatabaseAsync(cancellationToken));
        foreach (var executor in executors._executors)
        {
            // Until each holds its lease and may take runs.
            await Until.TrueAsync(
                async () => await executor.TryAskAsync(Question("warm up", null), cancellationToken) is not null, "the executor answers", cancellationToken);
        }

        return executors;
    }

    public static RunRequest Question(string text, string? session) => new()
    {
        RunId = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()),
        TenantId = InternalWire.LocalTenant,
        Agent = "default",
        Question = text,
        SessionId = session,
        Timeout = 30,
    };

    /// <summary>Asks one executor; when it gives no outcome the same is asked of the other, as the API does.</summary>
    public async Task<RunOutcome> AskAsync(RunRequest request, int first, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (await _executors[(first + attempt) % 2].TryAskAsync(request, cancellationToken) is { } outcome)
            {
                return outcome;
            }

            Interlocked.Increment(ref _retries);
            request = request with { Attach = true };
        }
    }

    /// <summary>Times an executor gave no outcome.</summary>
    public int Retries => Volatile.Read(ref _retries);

    public async Task<List<T>> QueryAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var values = new List<T>();
        while (await rows.ReadAsync(cancellationToken))
        {
            values.Add(await rows.GetFieldValueAsync<T>(0, cancellationToken));
        }

        return values;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var executor in _executors)
        {
            await executor.DisposeAsync();
        }

        await _model.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_agents, recursive: true);
    }
}
