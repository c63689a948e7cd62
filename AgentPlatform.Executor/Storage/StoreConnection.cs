using Npgsql;

namespace AgentPlatform.Executor.Storage;

/// <summary>What both data sources set on top of the connection string.</summary>
internal static class StoreConnection
{
    public static NpgsqlConnectionStringBuilder Settings(string connectionString, StorageOptions options, string role) =>
        new(connectionString)
        {
            ApplicationName = $"agentplatform-executor-{role}",
            Timeout = (int)options.ConnectTimeout.TotalSeconds,
            // A peer that vanished without a word is noticed while the connection idles in the pool.
            KeepAlive = 10,
            TcpKeepAlive = true,
            // How long a timed-out command may wait for its cancellation before the connection is given up.
            CancellationTimeout = 1_000,
        };
}
