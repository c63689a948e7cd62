using System.Data;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Storage;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Tenants.Data;

/// <summary>
/// Everything a tenant has, as lines of JSON: <c>{"type": …, "data": …}</c>, of one moment. One row is in memory at a time: the server is asked for the next when the
/// reader has taken the last. Each holds a connection for as long as it is read, so there are few places, one of them for each tenant, and none is held for ever.
/// </summary>
internal sealed class TenantExport(ApplicationDataSource database, IOptions<TenantDataOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>The transaction's, so it holds over all executors and ends with the export however that ends.</summary>
    private const string OnePerTenant = "SELECT pg_try_advisory_xact_lock(hashtext('tenant_export'), hashtext($1))";

    private readonly SemaphoreSlim _places = new(options.Value.Exports);

    /// <returns>The export, the caller's to dispose of; or why there is none now.</returns>
    public async Task<(OpenExport? Export, ExecutorProblem? Refused)> OpenAsync(string tenantId, CancellationToken cancellationToken)
    {
        // The place is the export's, which gives it back.
        if (!await _places.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return (null, ExecutorProblems.TooManyExports());
        }

        OpenExport? opened = null;
        try
        {
            var transaction = await database.For(tenantId).BeginAsync(cancellationToken, IsolationLevel.RepeatableRead);
            opened = new OpenExport(tenantId, transaction, () => _places.Release(), options.Value, time);
            await using var claim = transaction.CreateCommand(OnePerTenant);
            claim.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId, NpgsqlDbType = NpgsqlDbType.Text });
            if (await claim.ExecuteScalarAsync(cancellationToken) is true)
            {
                return (opened, null);
            }
        }
        catch (Exception)
        {
            await LeaveAsync();
            throw;
        }

        await LeaveAsync();
        return (null, ExecutorProblems.ExportUnderWay());

        async Task LeaveAsync()
        {
            if (opened is not null)
            {
                await opened.DisposeAsync();
            }
            else
            {
                _places.Release();
            }
        }
    }

    public void Dispose() => _places.Dispose();
}
