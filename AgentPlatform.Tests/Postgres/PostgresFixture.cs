using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Postgres;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace AgentPlatform.Tests.Postgres;

/// <summary>One Postgres for the whole run; each test takes a database of its own, copied from a migrated one.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private const string Template = "migrated";
    private readonly SemaphoreSlim _gate = new(1);
    private PostgresServer? _server;
    private int _databases;

    /// <summary>A fresh database with the schema, or without when <paramref name="migrated"/> is false. Returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken, bool migrated = true)
    {
        var server = await ServerAsync(cancellationToken);
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync(server, $"CREATE DATABASE {name} TEMPLATE {(migrated ? Template : "template0")}", cancellationToken);
        return server.ConnectionString(name);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _gate.Dispose();
    }

    /// <summary>Brings a database's schema up to date as the executor does.</summary>
    internal static Task MigrateAsync(string connectionString, CancellationToken cancellationToken) => SchemaUpdate.RunAsync(connectionString, cancellationToken);

    /// <summary>As the user of the connections, who sees what every tenant has.</summary>
    internal static AgentDbContext CreateContext(NpgsqlDataSource connections) =>
        new(new DbContextOptionsBuilder<AgentDbContext>().UseNpgsql(connections).UseSnakeCaseNamingConvention().Options);

    // Started by the first test that needs it: runs of other tests alone pay nothing.
    private async Task<PostgresServer> ServerAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_server is null)
            {
                var server = await PostgresServer.StartNewAsync(cancellationToken);
                await MigrateAsync(server.ConnectionString(Template), cancellationToken);
                _server = server;
            }

            return _server;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static async Task ExecuteAsync(PostgresServer server, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
