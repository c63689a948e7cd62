using Npgsql;

namespace AgentPlatform.Executor.Storage;

/// <summary>One statement for one tenant, in a transaction of its own.</summary>
internal sealed class TenantCommand : IAsyncDisposable
{
    private readonly TenantBatch _batch;
    private readonly NpgsqlBatchCommand _command;

    /// <param name="batch">Empty.</param>
    public TenantCommand(NpgsqlBatch batch, string tenantId, string sql)
    {
        _batch = new TenantBatch(batch, tenantId);
        _command = new NpgsqlBatchCommand(sql);
        _batch.Add(_command);
    }

    public NpgsqlParameterCollection Parameters => _command.Parameters;

    public Task<NpgsqlDataReader> ExecuteReaderAsync(CancellationToken cancellationToken) => _batch.ExecuteReaderAsync(cancellationToken);

    /// <returns>The first column of the first row; null without a row.</returns>
    public async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken)
    {
        await using var reader = await ExecuteReaderAsync(cancellationToken);
        var value = await reader.ReadAsync(cancellationToken) ? reader.GetValue(0) : null;
        // Read to the end: only then is it committed.
        while (await reader.NextResultAsync(cancellationToken))
        {
        }

        return value;
    }

    /// <returns>Rows changed.</returns>
    public Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken) => _batch.ExecuteNonQueryAsync(cancellationToken);

    public ValueTask DisposeAsync() => _batch.DisposeAsync();
}
