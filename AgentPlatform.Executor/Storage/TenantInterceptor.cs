using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace AgentPlatform.Executor.Storage;

/// <summary>
/// Has every query of an <see cref="AgentDbContext"/> say for which tenant it is, in the same exchange with the server: EF Core's own transactions would cost two more.
/// A context that knows no tenant sees nothing.
/// </summary>
internal sealed class TenantInterceptor : DbCommandInterceptor
{
    public static TenantInterceptor Instance { get; } = new();

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is not AgentDbContext { TenantId: { } tenantId } || command is not NpgsqlCommand query)
        {
            return result;
        }

        // Its reader outlives it: a batch holds nothing that needs to be given back.
        var batch = new NpgsqlBatch(query.Connection, query.Transaction) { Timeout = query.CommandTimeout, BatchCommands = { TenantBatch.Setting(tenantId) } };
        var asked = new NpgsqlBatchCommand(query.CommandText);
        foreach (NpgsqlParameter parameter in query.Parameters)
        {
            asked.Parameters.Add(parameter.Clone());
        }

        batch.BatchCommands.Add(asked);
        return InterceptionResult<DbDataReader>.SuppressWithResult(await TenantBatch.ReadAsync(batch, cancellationToken));
    }
}
