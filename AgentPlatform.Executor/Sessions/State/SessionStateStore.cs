using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Sessions.State;

/// <summary>
/// The JSON document kept with a session. Every put is one conditional statement, so of puts that name the same version
/// exactly one wins, whoever sends them and through whichever process.
/// </summary>
internal sealed class SessionStateStore(ApplicationDataSource dataSource, TimeProvider timeProvider)
{
    private const string Select =
        "SELECT coalesce(state, '{}')::text, state_version FROM sessions WHERE tenant_id = $1 AND session_id = $2";

    private const string Update =
        """
        UPDATE sessions SET state = $3, state_version = state_version + 1, updated_at = $4
        WHERE tenant_id = $1 AND session_id = $2 AND ($5::bigint[] IS NULL OR state_version = ANY ($5))
        RETURNING state::text, state_version
        """;

    private const string Upsert =
        """
        INSERT INTO sessions AS session (tenant_id, session_id, turns, state, state_version, created_at, updated_at)
        VALUES ($1, $2, 0, $3, 1, $4, $4)
        ON CONFLICT (tenant_id, session_id) DO UPDATE
        SET state = excluded.state, state_version = session.state_version + 1, updated_at = excluded.updated_at
        WHERE NOT $5 OR session.state_version = 0
        RETURNING state::text, state_version
        """;

    /// <returns>Null when there is no such session; <c>{}</c> at version 0 when no state was put.</returns>
    public async Task<SessionState?> GetAsync(string tenantId, string sessionId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.For(tenantId).CreateCommand(Select);
        command.Parameters.Add(Text(tenantId));
        command.Parameters.Add(Text(sessionId));
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Stores the document; creates the session when it is absent and the condition allows it.</summary>
    /// <returns>The state as stored, or null when the condition does not hold.</returns>
    public async Task<SessionState?> PutAsync(
        string tenantId, string sessionId, string json, StateCondition condition, CancellationToken cancellationToken)
    {
        var mustBeThere = condition.MustExist || condition.Versions is not null;
        await using var command = dataSource.For(tenantId).CreateCommand(mustBeThere ? Update : Upsert);
        command.Parameters.Add(Text(tenantId));
        command.Parameters.Add(Text(sessionId));
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = json, NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = timeProvider.GetUtcNow() });
        command.Parameters.Add(mustBeThere
            ? new NpgsqlParameter { Value = (object?)condition.Versions ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint }
            : new NpgsqlParameter<bool> { TypedValue = condition.MustBeNew });
        return await ReadAsync(command, cancellationToken);
    }

    private static async Task<SessionState?> ReadAsync(TenantCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new SessionState(JsonElement.Parse(reader.GetString(0)), reader.GetInt64(1))
            : null;
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };
}
