using Npgsql;

namespace AgentPlatform.Executor.Storage;

/// <summary>
/// Connections of the platform's own bookkeeping across tenants: journal, leases, cluster membership, retention.
/// Apart from <see cref="ApplicationDataSource"/> so that row-level security can bind that one alone.
/// </summary>
internal sealed class WriterDataSource(string connectionString, StorageOptions options) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _connections = NpgsqlDataSource.Create(Settings(connectionString, options));

    public ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken) =>
        _connections.OpenConnectionAsync(cancellationToken);

    public NpgsqlCommand CreateCommand(string sql) => _connections.CreateCommand(sql);

    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    private static NpgsqlConnectionStringBuilder Settings(string connectionString, StorageOptions options)
    {
        var settings = StoreConnection.Settings(connectionString, options, "writer");
        settings.MaxPoolSize = options.WriterPoolSize;
        settings.CommandTimeout = (int)options.WriterCommandTimeout.TotalSeconds;
        settings.MaxAutoPrepare = 20;
        settings.AutoPrepareMinUsages = 2;
        // Statements here hold no session state, so a connection goes back to the pool as it is.
        settings.NoResetOnClose = true;
        // A generic plan of a batch over arrays guesses their length and may read whole tables; planning anew costs
        // microseconds per batch and keeps every look-up on the key.
        settings.Options = $"{settings.Options} -c plan_cache_mode=force_custom_plan".TrimStart();
        return settings;
    }
}
