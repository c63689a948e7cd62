using AgentPlatform.Executor.Documents.Files;
using AgentPlatform.Executor.Documents.Terms;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Documents.Indexing;

/// <summary>What the index holds of one folder. A document changes as a whole: who searches sees it as it was, or as it is.</summary>
internal sealed class IndexedFolder(NpgsqlConnection connection, DocumentFolder folder)
{
    /// <summary>Of a batch of passages: longer than a commit of the journal may take.</summary>
    private const int TimeoutSeconds = 60;

    private const string SelectHashes = "SELECT path, content_hash FROM documents WHERE tenant_id = $1 AND folder = $2";

    private const string DeleteChunks = "DELETE FROM document_chunks WHERE tenant_id = $1 AND folder = $2 AND path = ANY($3)";

    private const string DeleteDocuments = "DELETE FROM documents WHERE tenant_id = $1 AND folder = $2 AND path = ANY($3)";

    private const string InsertDocuments =
        """
        INSERT INTO documents (tenant_id, folder, path, content_hash, chunks, indexed_at)
        SELECT $1, $2, path, content_hash, chunks, now() FROM unnest($3::text[], $4::bytea[], $5::int[]) AS given (path, content_hash, chunks)
        ON CONFLICT (tenant_id, folder, path) DO UPDATE
            SET content_hash = excluded.content_hash, chunks = excluded.chunks, indexed_at = excluded.indexed_at
        """;

    private const string InsertChunks =
        """
        INSERT INTO document_chunks (tenant_id, folder, path, number, line, heading, content, search)
        SELECT $1, $2, path, number, line, heading, content, search::tsvector
        FROM unnest($3::text[], $4::int[], $5::int[], $6::text[], $7::text[], $8::text[]) AS given (path, number, line, heading, content, search)
        """;

    /// <summary>Hashes by path.</summary>
    public async Task<Dictionary<string, byte[]>> LoadAsync(CancellationToken cancellationToken)
    {
        var hashes = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand(SelectHashes, connection) { Parameters = { Text(folder.TenantId), Text(folder.Name) } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            hashes.Add(reader.GetString(0), reader.GetFieldValue<byte[]>(1));
        }

        return hashes;
    }

    public async Task PutAsync(IReadOnlyList<IndexedFile> files, CancellationToken cancellationToken)
    {
        var chunks = files.SelectMany(file => file.Chunks.Select((chunk, index) => (file.Path, Number: index + 1, Chunk: chunk))).ToList();
        await using var batch = new NpgsqlBatch(connection) { Timeout = TimeoutSeconds };
        batch.BatchCommands.Add(Command(DeleteChunks, Array(files.Select(file => file.Path))));
        batch.BatchCommands.Add(Command(
            InsertChunks,
            Array(chunks.Select(each => each.Path)),
            Array(chunks.Select(each => each.Number)),
            Array(chunks.Select(each => each.Chunk.Line)),
            Array(chunks.Select(each => each.Chunk.Heading)),
            Array(chunks.Select(each => each.Chunk.Text)),
            Array(chunks.Select(each => SearchText.Vector(each.Chunk.Heading, each.Path, each.Chunk.Text)))));
        batch.BatchCommands.Add(Command(
            InsertDocuments, Array(files.Select(file => file.Path)), Array(files.Select(file => file.Hash)), Array(files.Select(file => file.Chunks.Count))));

        // A batch outside a transaction is one.
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task RemoveAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = TimeoutSeconds };
        batch.BatchCommands.Add(Command(DeleteChunks, Array(paths)));
        batch.BatchCommands.Add(Command(DeleteDocuments, Array(paths)));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> others)
    {
        var command = new NpgsqlBatchCommand(sql) { Parameters = { Text(folder.TenantId), Text(folder.Name) } };
        foreach (var parameter in others)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter<T[]> Array<T>(IEnumerable<T> values) => new() { TypedValue = [.. values] };
}
