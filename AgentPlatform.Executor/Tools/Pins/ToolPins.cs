using System.Text.Json;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Executor.Tools.Mcp;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Tools.Pins;

/// <summary>
/// What remote servers said about their tools when those were accepted, in <c>tool_pins</c>, shared by all executors. A tool that
/// is new is taken as it is. One that changed is taken, and logged, if it only reads before and after; else it waits for a person.
/// </summary>
internal sealed partial class ToolPins(ApplicationDataSource database, TimeProvider time, ILogger<ToolPins> logger)
{
    private const string Tenant = AgentVersionEntity.PlatformTenant;

    /// <summary>The names of the tools that may be used as they are listed now.</summary>
    /// <exception cref="NpgsqlException">Postgres is away.</exception>
    public async Task<IReadOnlySet<string>> CheckAsync(IReadOnlyList<PinnedTool> listed, CancellationToken cancellationToken)
    {
        if (listed.Count == 0)
        {
            return new HashSet<string>();
        }

        var known = await KnownAsync(listed, cancellationToken);
        var accepted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tool in listed)
        {
            var pin = known[tool.Name];
            if (pin.Hash == tool.Hash)
            {
                accepted.Add(tool.Name);
                if (pin.Effect != tool.Effect)
                {
                    await MoveAsync(tool, pin, cancellationToken);
                }
            }
            else if (McpEffects.OnlyReads(pin.Effect) && McpEffects.OnlyReads(tool.Effect))
            {
                accepted.Add(tool.Name);
                await MoveAsync(tool, pin, cancellationToken);
                LogTaken(tool.Name, pin.Hash, tool.Hash);
            }
            else if (await HoldAsync(tool, pin, cancellationToken))
            {
                LogHeld(tool.Name, pin.Hash, tool.Hash, tool.Name);
            }
        }

        return accepted;
    }

    /// <summary>A person's word for what waits, exactly as that person saw it.</summary>
    /// <returns>Null when no such tool was ever seen; false when something else waits, or nothing.</returns>
    public async Task<bool?> AcceptAsync(string tool, string hash, CancellationToken cancellationToken)
    {
        await using var command = database.For(Tenant).CreateCommand(
            """
            WITH moved AS (
                UPDATE tool_pins
                SET hash = pending_hash, effect = pending_effect, definition = pending, accepted_at = $4, pending_hash = NULL, pending_effect = NULL, pending = NULL
                WHERE tenant_id = $1 AND tool = $2 AND pending_hash = $3
                RETURNING hash)
            SELECT hash = $3 OR EXISTS (SELECT FROM moved) FROM tool_pins WHERE tenant_id = $1 AND tool = $2
            """);
        command.Parameters.AddWithValue(Tenant);
        command.Parameters.AddWithValue(tool);
        command.Parameters.AddWithValue(hash);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, time.GetUtcNow());
        var accepted = (bool?)await command.ExecuteScalarAsync(cancellationToken);
        if (accepted is true)
        {
            LogAccepted(tool, hash);
        }

        return accepted;
    }

    private async Task<Dictionary<string, PinnedTool>> KnownAsync(IReadOnlyList<PinnedTool> listed, CancellationToken cancellationToken)
    {
        await using var batch = database.For(Tenant).CreateBatch();
        var insert = new NpgsqlBatchCommand();
        insert.CommandText =
            """
            INSERT INTO tool_pins (tenant_id, tool, hash, effect, definition, accepted_at)
            SELECT $1, tool, hash, effect, definition::jsonb, $2
            FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) AS listed (tool, hash, effect, definition)
            ON CONFLICT DO NOTHING
            """;
        insert.Parameters.Add(new() { Value = Tenant });
        insert.Parameters.Add(new() { Value = time.GetUtcNow(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        insert.Parameters.Add(new() { Value = listed.Select(tool => tool.Name).ToArray() });
        insert.Parameters.Add(new() { Value = listed.Select(tool => tool.Hash).ToArray() });
        insert.Parameters.Add(new() { Value = listed.Select(tool => Word(tool.Effect)).ToArray() });
        insert.Parameters.Add(new() { Value = listed.Select(tool => tool.Definition).ToArray() });
        var select = new NpgsqlBatchCommand();
        select.CommandText = "SELECT tool, hash, effect, definition::text FROM tool_pins WHERE tenant_id = $1 AND tool = ANY ($2)";
        select.Parameters.Add(new() { Value = Tenant });
        select.Parameters.Add(new() { Value = listed.Select(tool => tool.Name).ToArray() });
        batch.Add(insert);
        batch.Add(select);

        var known = new Dictionary<string, PinnedTool>(StringComparer.Ordinal);
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var pin = new PinnedTool(rows.GetString(0), rows.GetString(1), Enum.Parse<ToolEffect>(rows.GetString(2), ignoreCase: true), rows.GetString(3));
            known.Add(pin.Name, pin);
        }

        return known;
    }

    private async Task MoveAsync(PinnedTool tool, PinnedTool from, CancellationToken cancellationToken)
    {
        await using var command = database.For(Tenant).CreateCommand(
            """
            UPDATE tool_pins SET hash = $4, effect = $5, definition = $6::jsonb, accepted_at = $7
            WHERE tenant_id = $1 AND tool = $2 AND hash = $3
            """);
        Fill(command, tool, from);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, time.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>It was not known to wait before.</returns>
    private async Task<bool> HoldAsync(PinnedTool tool, PinnedTool from, CancellationToken cancellationToken)
    {
        await using var command = database.For(Tenant).CreateCommand(
            """
            UPDATE tool_pins SET pending_hash = $4, pending_effect = $5, pending = $6::jsonb
            WHERE tenant_id = $1 AND tool = $2 AND hash = $3 AND pending_hash IS DISTINCT FROM $4
            """);
        Fill(command, tool, from);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private static void Fill(TenantCommand command, PinnedTool tool, PinnedTool from)
    {
        command.Parameters.AddWithValue(Tenant);
        command.Parameters.AddWithValue(tool.Name);
        command.Parameters.AddWithValue(from.Hash);
        command.Parameters.AddWithValue(tool.Hash);
        command.Parameters.AddWithValue(Word(tool.Effect));
        command.Parameters.AddWithValue(tool.Definition);
    }

    private static string Word(ToolEffect effect) => JsonNamingPolicy.SnakeCaseLower.ConvertName(effect.ToString());

    [LoggerMessage(Level = LogLevel.Warning, EventName = "tool_changed", Message = "The tool {Tool} changed on its server, from {Before} to {Now}; it only reads and is used as it is now")]
    private partial void LogTaken(string tool, string before, string now);

    [LoggerMessage(Level = LogLevel.Warning, EventName = "tool_pending", Message = "The tool {Tool} changed on its server, from {Before} to {Now}, and is not used until a person accepts it: POST /tools/{Path}/accept")]
    private partial void LogHeld(string tool, string before, string now, string path);

    [LoggerMessage(Level = LogLevel.Information, EventName = "tool_accepted", Message = "The tool {Tool} is accepted as {Hash}")]
    private partial void LogAccepted(string tool, string hash);
}
