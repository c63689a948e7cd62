using AgentPlatform.Executor.Documents.Files;
using Npgsql;

namespace AgentPlatform.Executor.Documents.Indexing;

/// <summary>Takes folders out of the index that the configuration does not name any more, or names for another tenant.</summary>
internal static class ForgottenFolders
{
    private const string Delete =
        """
        WITH kept AS (SELECT * FROM unnest($1::text[], $2::text[]) AS given (tenant_id, folder)),
        gone AS (DELETE FROM document_chunks c WHERE NOT EXISTS (SELECT FROM kept k WHERE k.tenant_id = c.tenant_id AND k.folder = c.folder))
        DELETE FROM documents d WHERE NOT EXISTS (SELECT FROM kept k WHERE k.tenant_id = d.tenant_id AND k.folder = d.folder)
        """;

    private const string Any = "SELECT 1 FROM documents d WHERE NOT EXISTS (SELECT FROM unnest($1::text[], $2::text[]) AS k (tenant_id, folder) WHERE k.tenant_id = d.tenant_id AND k.folder = d.folder) LIMIT 1";

    /// <returns>Documents removed.</returns>
    public static async Task<int> RemoveAsync(NpgsqlConnection connection, IReadOnlyList<DocumentFolder> folders, CancellationToken cancellationToken)
    {
        await using var any = Command(Any);
        if (await any.ExecuteScalarAsync(cancellationToken) is null)
        {
            return 0;
        }

        await using var delete = Command(Delete);
        return await delete.ExecuteNonQueryAsync(cancellationToken);

        NpgsqlCommand Command(string sql) => new(sql, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = [.. folders.Select(folder => folder.TenantId)] },
                new NpgsqlParameter<string[]> { TypedValue = [.. folders.Select(folder => folder.Name)] },
            },
        };
    }
}
