using System.Data;
using Npgsql;

namespace AgentPlatform.Executor.Storage;

/// <summary>
/// The database as one tenant sees it. Whatever is asked here begins by saying for whom, within its own transaction and the same exchange with the server, so
/// that nothing of it is left on the connection for the next one.
/// </summary>
internal readonly struct TenantDatabase
{
    private readonly NpgsqlDataSource _connections;
    private readonly string _tenantId;

    public TenantDatabase(NpgsqlDataSource connections, string tenantId)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenantId);
        _connections = connections;
        _tenantId = tenantId;
    }

    /// <summary>One statement.</summary>
    public TenantCommand CreateCommand(string sql) => new(_connections.CreateBatch(), _tenantId, sql);

    /// <summary>Statements that happen together or not at all, in one exchange.</summary>
    public TenantBatch CreateBatch() => new(_connections.CreateBatch(), _tenantId);

    /// <summary>For statements that depend on each other's results.</summary>
    public async Task<TenantTransaction> BeginAsync(CancellationToken cancellationToken, IsolationLevel isolation = IsolationLevel.ReadCommitted)
    {
        var connection = await _connections.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(isolation, cancellationToken);
            await using var setting = new NpgsqlBatch(connection, transaction) { BatchCommands = { TenantBatch.Setting(_tenantId) } };
            await setting.ExecuteNonQueryAsync(cancellationToken);
            return new TenantTransaction(connection, transaction);
        }
        catch (Exception)
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
