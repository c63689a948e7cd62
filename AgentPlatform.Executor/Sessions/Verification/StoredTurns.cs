using System.Runtime.CompilerServices;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Sessions.Verification;

/// <summary>Reads a session whole, a page of turns at a time; rows and events of a page are of one moment.</summary>
internal sealed class StoredTurns(ApplicationDataSource dataSource)
{
    private const int PageSize = 100;

    private const string SelectCounter = "SELECT turns FROM sessions WHERE tenant_id = $1 AND session_id = $2";

    private const string SelectPage =
        """
        SELECT r.run_id, r.turn, r.status, r.answer, r.degraded IS NOT NULL, r.model, r.iterations, r.input_tokens, r.output_tokens, r.cost_usd, r.finished_at,
               executor_is_alive(r.owner), e.first_seq, e.events
        FROM (SELECT * FROM runs WHERE tenant_id = $1 AND session_id = $2 AND turn > $3 ORDER BY turn LIMIT $4) AS r
        LEFT JOIN run_events e ON e.tenant_id = r.tenant_id AND e.run_id = r.run_id
        ORDER BY r.turn, e.first_seq
        """;

    /// <summary>Turns by the session's counter; null when there is no such session.</summary>
    public async Task<int?> CountedAsync(string tenantId, string sessionId, CancellationToken cancellationToken)
    {
        await using var command = Command(SelectCounter, tenantId, sessionId);
        return (int?)await command.ExecuteScalarAsync(cancellationToken);
    }

    public async IAsyncEnumerable<StoredTurn> ReadAsync(
        string tenantId, string sessionId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = int.MinValue;
        List<StoredTurn> page;
        do
        {
            page = await PageAsync(tenantId, sessionId, after, cancellationToken);
            foreach (var turn in page)
            {
                after = turn.Turn;
                yield return turn;
            }
        }
        while (page.Count == PageSize);
    }

    private async Task<List<StoredTurn>> PageAsync(string tenantId, string sessionId, int after, CancellationToken cancellationToken)
    {
        await using var command = Command(SelectPage, tenantId, sessionId);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = PageSize });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var page = new List<StoredTurn>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var runId = reader.GetGuid(0);
            if (page.Count == 0 || page[^1].RunId != runId)
            {
                page.Add(Turn(reader, runId));
            }

            if (!reader.IsDBNull(12))
            {
                page[^1].Appends.Add((reader.GetInt64(12), reader.GetString(13)));
            }
        }

        return page;
    }

    private static StoredTurn Turn(NpgsqlDataReader reader, Guid runId) => new(
        runId,
        reader.GetInt32(1),
        reader.GetString(2),
        reader.IsDBNull(3) ? null : reader.GetString(3),
        reader.GetBoolean(4),
        reader.IsDBNull(5) ? null : reader.GetString(5),
        reader.GetInt32(6),
        reader.GetInt64(7),
        reader.GetInt64(8),
        reader.IsDBNull(9) ? null : reader.GetDecimal(9),
        reader.IsDBNull(10) ? null : reader.GetFieldValue<DateTimeOffset>(10),
        reader.GetBoolean(11),
        []);

    private TenantCommand Command(string sql, string tenantId, string sessionId)
    {
        var command = dataSource.For(tenantId).CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = sessionId, NpgsqlDbType = NpgsqlDbType.Text });
        return command;
    }
}
