using AgentPlatform.Executor.Journal;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AgentPlatform.Tests.Executor.Journal;

/// <summary>The journal of one executor process, on a real database.</summary>
internal sealed class JournalUnderTest : IAsyncDisposable
{
    private readonly WriterDataSource _writerConnections;
    private readonly ApplicationDataSource _readerConnections;
    private readonly JournalConnection _connection;
    private readonly JournalWriter _writer;

    public JournalUnderTest(string connectionString, JournalOptions? options = null)
    {
        ConnectionString = connectionString;
        _writerConnections = new WriterDataSource(connectionString, new StorageOptions { ConnectTimeout = TimeSpan.FromSeconds(1) });
        _readerConnections = new ApplicationDataSource(connectionString, new StorageOptions { ConnectTimeout = TimeSpan.FromSeconds(1) });
        _connection = new JournalConnection(_writerConnections);
        var wrapped = Options.Create(options ?? new JournalOptions());
        Journal = new PostgresJournal(new JournalReader(_readerConnections), TimeProvider.System, wrapped);
        _writer = new JournalWriter(Journal, _connection, TimeProvider.System, wrapped, Logs.For<JournalWriter>());
    }

    public TestLogs Logs { get; } = new();

    public string ConnectionString { get; }

    public PostgresJournal Journal { get; }

    public static async Task<JournalUnderTest> StartAsync(
        PostgresFixture postgres, CancellationToken cancellationToken, JournalOptions? options = null)
    {
        var journal = new JournalUnderTest(await postgres.CreateDatabaseAsync(cancellationToken), options);
        await journal.StartWriterAsync(cancellationToken);
        return journal;
    }

    /// <summary>Appends wait until this is called: so a test decides what shares a commit.</summary>
    public Task StartWriterAsync(CancellationToken cancellationToken) => _writer.StartAsync(cancellationToken);

    /// <summary>First column of every row.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
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
        await _writer.StopAsync(CancellationToken.None);
        _writer.Dispose();
        await _connection.DisposeAsync();
        await _readerConnections.DisposeAsync();
        await _writerConnections.DisposeAsync();
    }
}
