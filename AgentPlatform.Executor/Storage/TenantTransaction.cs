using Npgsql;

namespace AgentPlatform.Executor.Storage;

/// <summary>A transaction for one tenant; rolled back unless it is committed.</summary>
internal sealed class TenantTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    public NpgsqlCommand CreateCommand(string sql) => new(sql, connection, transaction);

    public Task CommitAsync(CancellationToken cancellationToken) => transaction.CommitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
