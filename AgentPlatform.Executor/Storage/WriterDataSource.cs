using Npgsql;

namespace AgentPlatform.Executor.Storage;

/// <summary>
/// Connections of the platform's own bookkeeping across tenants: journal, leases, cluster membership, retention, the index of documents.
/// They speak as <see cref="DatabaseRoles.Writer"/>, which sees the rows of every tenant; what is done for one is <see cref="ApplicationDataSource"/>'s.
/// </summary>
internal sealed class WriterDataSource(string connectionString, StorageOptions options) : IAsyncDisposable
{
    // Everything here is a look-up by key, in batches. The planner thinks a batch of hundreds cheaper by reading a middling table whole, and a
    // generic plan guesses the batch's size: measured, closing runs by the key is three times as fast. Without whole reads no plan is long
    // enough to compile.
    private const string PlanByKey = "-c plan_cache_mode=force_custom_plan -c enable_seqscan=off -c jit=off";

    private readonly NpgsqlDataSource _connections = NpgsqlDataSource.Create(Settings(connectionString, options));

    public ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken) =>
        _connections.OpenConnectionAsync(cancellationToken);

    public NpgsqlCommand CreateCommand(string sql) => _connections.CreateCommand(sql);

    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    private static NpgsqlConnectionStringBuilder Settings(string connectionString, StorageOptions options)
    {
        var settings = StoreConnection.Settings(connectionString, options, "writer", DatabaseRoles.Writer);
        settings.MaxPoolSize = options.WriterPoolSize;
        settings.CommandTimeout = (int)options.WriterCommandTimeout.TotalSeconds;
        settings.MaxAutoPrepare = 20;
        settings.AutoPrepareMinUsages = 2;
        // Statements here hold no session state, so a connection goes back to the pool as it is.
        settings.NoResetOnClose = true;
        settings.Options = $"{settings.Options} {PlanByKey}".TrimStart();
        return settings;
    }
}
