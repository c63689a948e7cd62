using Npgsql;

namespace AgentPlatform.Executor.Storage;

/// <summary>What both data sources set on top of the connection string.</summary>
internal static class StoreConnection
{
    public static NpgsqlConnectionStringBuilder Settings(string connectionString, StorageOptions options, string name, string role)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = $"agentplatform-executor-{name}",
            Timeout = (int)options.ConnectTimeout.TotalSeconds,
            // A peer that vanished without a word is noticed while the connection idles in the pool.
            KeepAlive = 10,
            TcpKeepAlive = true,
            // How long a timed-out command may wait for its cancellation before the connection is given up.
            CancellationTimeout = 1_000,
        };

        // What a connection starts with is also what a reset returns to, so the role outlives the pool's resets.
        settings.Options = $"{settings.Options} -c role={role}".TrimStart();
        return settings;
    }
}
