using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Sessions.Administration;

/// <summary>Makes a session before its first question, so that it can carry labels.</summary>
internal sealed class SessionCreation(ApplicationDataSource dataSource, TimeProvider timeProvider)
{
    private const string Insert =
        """
        INSERT INTO sessions (tenant_id, session_id, turns, user_label, metadata, state_version, created_at, updated_at)
        VALUES ($1, $2, 0, $3, $4, 0, $5, $5)
        ON CONFLICT (tenant_id, session_id) DO NOTHING
        RETURNING created_at
        """;

    /// <returns>The new session, or null when there is one of that name.</returns>
    public async Task<SessionView?> CreateAsync(
        string tenantId, string sessionId, string? user, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        await using var command = dataSource.For(tenantId).CreateCommand(Insert);
        command.Parameters.Add(new NpgsqlParameter { Value = tenantId });
        command.Parameters.Add(new NpgsqlParameter { Value = sessionId });
        command.Parameters.Add(Nullable(user, NpgsqlDbType.Text));
        command.Parameters.Add(Nullable(metadata is null ? null : JsonSerializer.Serialize(metadata), NpgsqlDbType.Jsonb));
        command.Parameters.Add(new NpgsqlParameter { Value = timeProvider.GetUtcNow() });

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        // As stored: the database keeps microseconds.
        var createdAt = reader.GetFieldValue<DateTimeOffset>(0);
        return new SessionView { SessionId = sessionId, User = user, Metadata = metadata, CreatedAt = createdAt, UpdatedAt = createdAt };
    }

    private static NpgsqlParameter Nullable(string? value, NpgsqlDbType type) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = type };
}
