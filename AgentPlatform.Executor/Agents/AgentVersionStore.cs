using AgentPlatform.Executor.Storage;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Agents;

/// <summary>
/// Every version of every agent that ran here, once, in <c>agent_versions</c>: what a run that stayed on an older
/// version is resumed with, and what an answer can be explained by. Files belong to the platform, not to a tenant.
/// </summary>
internal sealed class AgentVersionStore(ApplicationDataSource database)
{
    private const string Tenant = AgentVersionEntity.PlatformTenant;

    /// <summary>Safe to repeat, and by several executors at once.</summary>
    /// <param name="createdAt">UTC.</param>
    public async Task SaveAsync(IReadOnlyList<AgentDefinition> definitions, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        await using var command = database.For(Tenant).CreateCommand(
            """
            INSERT INTO agent_versions (tenant_id, agent, version, definition, created_at)
            SELECT $1, agent, version, definition::jsonb, $2
            FROM unnest($3::text[], $4::text[], $5::text[]) AS added (agent, version, definition)
            ON CONFLICT DO NOTHING
            """);
        command.Parameters.AddWithValue(Tenant);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, createdAt.ToUniversalTime());
        command.Parameters.AddWithValue(definitions.Select(definition => definition.Name).ToArray());
        command.Parameters.AddWithValue(definitions.Select(definition => definition.Version).ToArray());
        command.Parameters.AddWithValue(definitions.Select(AgentVersion.Write).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Null when that version was never stored.</summary>
    public async Task<AgentDefinition?> LoadAsync(string name, string version, CancellationToken cancellationToken)
    {
        await using var command = database.For(Tenant).CreateCommand(
            "SELECT definition::text FROM agent_versions WHERE tenant_id = $1 AND agent = $2 AND version = $3");
        command.Parameters.AddWithValue(Tenant);
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(version);
        return await command.ExecuteScalarAsync(cancellationToken) is string json ? AgentVersion.Read(json, version) : null;
    }
}
