using Npgsql;

namespace AgentPlatform.Executor.Storage;

/// <summary>Connections of everything done for one tenant, EF Core's queries included.</summary>
internal sealed class ApplicationDataSource(string connectionString, StorageOptions options) : IAsyncDisposable
{
    public NpgsqlDataSource Connections { get; } = NpgsqlDataSource.Create(Settings(connectionString, options));

    public ValueTask DisposeAsync() => Connections.DisposeAsync();

    private static NpgsqlConnectionStringBuilder Settings(string connectionString, StorageOptions options)
    {
        var settings = StoreConnection.Settings(connectionString, options, "application");
        settings.MaxPoolSize = options.ApplicationPoolSize;
        settings.CommandTimeout = (int)options.ApplicationCommandTimeout.TotalSeconds;
        return settings;
    }
}
