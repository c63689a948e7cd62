using AgentPlatform.Executor.Sessions.Administration;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Runs.Hiding;

/// <summary>
/// Takes a run out of everybody's sight. As a turn its words stay part of the conversation that went on from it; when nothing of the conversation can be
/// seen any more, the session goes with all that belongs to it.
/// </summary>
internal sealed class HiddenRuns(ApplicationDataSource dataSource, RemoveSession remove)
{
    private const string Hide = "UPDATE runs SET hidden = true WHERE tenant_id = $1 AND run_id = $2 RETURNING session_id";

    private const string AnyVisible = "SELECT 1 FROM runs WHERE tenant_id = $1 AND session_id = $2 AND NOT hidden LIMIT 1";

    /// <returns>False when there is no such run. Done twice it is the same.</returns>
    public async Task<bool> HideAsync(string tenantId, Guid runId, CancellationToken cancellationToken)
    {
        await using var hide = Command(Hide, tenantId, new NpgsqlParameter<Guid> { TypedValue = runId });
        if (await hide.ExecuteScalarAsync(cancellationToken) is not { } found)
        {
            return false;
        }

        if (found is string sessionId)
        {
            await using var visible = Command(AnyVisible, tenantId, new NpgsqlParameter<string> { TypedValue = sessionId, NpgsqlDbType = NpgsqlDbType.Text });
            if (await visible.ExecuteScalarAsync(cancellationToken) is null)
            {
                // Where it does not work now, retention does it.
                await remove(tenantId, sessionId, cancellationToken);
            }
        }

        return true;
    }

    private TenantCommand Command(string sql, string tenantId, NpgsqlParameter parameter)
    {
        var command = dataSource.For(tenantId).CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(parameter);
        return command;
    }
}
