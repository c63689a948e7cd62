using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Storage;
using Npgsql;

namespace AgentPlatform.Executor.Keys;

/// <summary>The keys of all tenants. Times are the database's, so that a key ends at one moment for every executor.</summary>
internal sealed class ApiKeys(ApplicationDataSource database, TimeProvider time)
{
    /// <summary>Keys of one tenant that let somebody in. Less than a list shows, for those that are made at the same moment.</summary>
    public const int MostInUse = 900;

    private const string InUse = "(revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()))";

    private const string Columns = "key_id, name, shown, scopes, created_at, expires_at, revoked_at";

    private const string Insert =
        $"""
        INSERT INTO api_keys (tenant_id, key_id, name, shown, hash, scopes, created_at, expires_at)
        SELECT $1, $2, $3, $4, $5, $6, now(), $7
        WHERE (SELECT count(*) FROM api_keys WHERE tenant_id = $1 AND {InUse}) < $8
        RETURNING {Columns}
        """;

    /// <summary>A function of the database: a key is what says which tenant it is, so it is looked for before there is one, and the function tells of nothing else.</summary>
    private const string Verify = "SELECT * FROM verify_api_key($1)";

    /// <summary>Those that let somebody in come first, and there are never more of them than are shown: none can hide behind others.</summary>
    private const string List = $"SELECT {Columns} FROM api_keys WHERE tenant_id = $1 ORDER BY {InUse} DESC, key_id DESC LIMIT 1000";

    private const string Revoke =
        $"UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE tenant_id = $1 AND key_id = $2 RETURNING {Columns}";

    /// <returns>Null when the tenant has <see cref="MostInUse"/> keys in use.</returns>
    public async Task<MadeApiKey?> CreateAsync(string tenantId, NewApiKey key, CancellationToken cancellationToken)
    {
        var text = ApiKeyText.New();
        await using var command = database.For(tenantId).CreateCommand(Insert);
        Add(command, tenantId);
        Add(command, Guid.CreateVersion7(time.GetUtcNow()));
        Add(command, key.Name);
        Add(command, text[..ApiKeyText.ShownLength]);
        Add(command, Convert.FromHexString(ApiKeyText.Hash(text)));
        Add(command, key.Scopes.ToArray());
        command.Parameters.Add(new NpgsqlParameter { Value = key.ExpiresAt?.ToUniversalTime() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz });
        Add(command, MostInUse);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new MadeApiKey(text, ViewOf(reader)) : null;
    }

    /// <returns>Null for a key that is unknown, revoked or past its time.</returns>
    public Task<KeyHolder?> VerifyAsync(byte[] hash, CancellationToken cancellationToken) => BriefOutage.SurviveAsync<KeyHolder?>(
        async token =>
        {
            await using var command = database.For(AgentVersionEntity.PlatformTenant).CreateCommand(Verify);
            Add(command, hash);
            await using var reader = await command.ExecuteReaderAsync(token);
            return await reader.ReadAsync(token)
                ? new KeyHolder(reader.GetString(0), reader.GetGuid(1), reader.GetString(2), reader.GetFieldValue<string[]>(3))
                : null;
        },
        cancellationToken);

    /// <summary>Those in use first, then the others; the newest of each first.</summary>
    public async Task<IReadOnlyList<ApiKeyView>> ListAsync(string tenantId, CancellationToken cancellationToken)
    {
        await using var command = database.For(tenantId).CreateCommand(List);
        Add(command, tenantId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<ApiKeyView>();
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(ViewOf(reader));
        }

        return keys;
    }

    /// <returns>Null when the tenant has no such key. Revoking twice is revoking once.</returns>
    public async Task<ApiKeyView?> RevokeAsync(string tenantId, Guid keyId, CancellationToken cancellationToken)
    {
        await using var command = database.For(tenantId).CreateCommand(Revoke);
        Add(command, tenantId);
        Add(command, keyId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? ViewOf(reader) : null;
    }

    private static void Add<T>(TenantCommand command, T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });

    private static ApiKeyView ViewOf(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetString(1),
        row.GetString(2),
        row.GetFieldValue<string[]>(3),
        row.GetFieldValue<DateTimeOffset>(4),
        row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5),
        row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6));
}
