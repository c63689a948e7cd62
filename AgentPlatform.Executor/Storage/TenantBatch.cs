using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Storage;

/// <summary>Statements of one transaction and one exchange, behind the one that says for which tenant they are.</summary>
internal sealed class TenantBatch : IAsyncDisposable
{
    private readonly NpgsqlBatch _batch;

    /// <param name="batch">Empty.</param>
    public TenantBatch(NpgsqlBatch batch, string tenantId)
    {
        _batch = batch;
        _batch.BatchCommands.Add(Setting(tenantId));
    }

    public void Add(NpgsqlBatchCommand command) => _batch.BatchCommands.Add(command);

    /// <summary>Stands at the first result of what was added.</summary>
    public Task<NpgsqlDataReader> ExecuteReaderAsync(CancellationToken cancellationToken) => ReadAsync(_batch, cancellationToken);

    /// <returns>Rows changed.</returns>
    public Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken) => _batch.ExecuteNonQueryAsync(cancellationToken);

    public ValueTask DisposeAsync() => _batch.DisposeAsync();

    /// <summary>Holds until the transaction ends.</summary>
    internal static NpgsqlBatchCommand Setting(string tenantId) => new("SELECT set_config('app.tenant', $1, true)")
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = tenantId, NpgsqlDbType = NpgsqlDbType.Text } },
    };

    /// <summary>Runs a batch that begins with <see cref="Setting"/> and passes over its result.</summary>
    internal static async Task<NpgsqlDataReader> ReadAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        var reader = await batch.ExecuteReaderAsync(cancellationToken);
        try
        {
            await reader.NextResultAsync(cancellationToken);
            return reader;
        }
        catch (Exception)
        {
            await reader.DisposeAsync();
            throw;
        }
    }
}
