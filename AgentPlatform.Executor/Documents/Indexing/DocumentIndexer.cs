using System.Data;
using AgentPlatform.Executor.Documents.Chunks;
using AgentPlatform.Executor.Documents.Files;
using AgentPlatform.Executor.Storage;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AgentPlatform.Executor.Documents.Indexing;

/// <summary>
/// Brings the index to what the folders hold, in one pass:
/// 1. one executor at a time (a lock of its connection, so that it ends with it); the others find nothing left to do;
/// 2. list the files, and read those that were written since the last pass;
/// 3. cut and store those whose content is not the stored one, in small batches;
/// 4. remove those that are gone, and folders that the configuration does not name any more.
/// A folder that cannot be read keeps its index: a volume that is away is no reason to forget it.
/// </summary>
internal sealed partial class DocumentIndexer(
    WriterDataSource database, DocumentFolders folders, IOptions<DocumentOptions> options, AgentMetrics metrics, TimeProvider time, ILogger<DocumentIndexer> logger)
{
    /// <summary>Of the advisory lock; any number nobody else uses.</summary>
    private const long Lock = 6_021_076_430_172_560;

    /// <summary>Passages of one statement; a longer document is one by itself.</summary>
    private const int BatchSize = 200;

    /// <summary>Changed passages after which the planner should look again.</summary>
    private const int ManyChunks = 1_000;

    private static readonly TimeSpan UnlockWithin = TimeSpan.FromSeconds(2);

    private readonly KnownFiles _known = new();

    /// <returns>False when another executor is at it.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (!await LockAsync(connection, "pg_try_advisory_lock", cancellationToken))
        {
            return false;
        }

        try
        {
            var removed = await ForgottenFolders.RemoveAsync(connection, folders.All, cancellationToken);
            metrics.DocumentsIndexed("removed", removed);
            foreach (var folder in folders.All)
            {
                await IndexAsync(connection, folder, cancellationToken);
            }

            return true;
        }
        finally
        {
            // A connection that broke has given it back; one that goes back to the pool would keep it.
            if (connection.State == ConnectionState.Open)
            {
                await UnlockAsync(connection);
            }
        }
    }

    private async Task UnlockAsync(NpgsqlConnection connection)
    {
        using var soon = new CancellationTokenSource(UnlockWithin, time);
        try
        {
            await LockAsync(connection, "pg_advisory_unlock", soon.Token);
        }
        catch (Exception)
        {
            NpgsqlConnection.ClearPool(connection);
            throw;
        }
    }

    private static async Task<bool> LockAsync(NpgsqlConnection connection, string function, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT {function}({Lock})", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task IndexAsync(NpgsqlConnection connection, DocumentFolder folder, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            var files = FolderScan.Read(folder.Path, cancellationToken);
            var pass = await IndexAsync(new IndexedFolder(connection, folder), folder, files, connection, cancellationToken);
            metrics.DocumentsIndexed("indexed", pass.Indexed);
            metrics.DocumentsIndexed("removed", pass.Removed);
            if (pass.ChangedAnything)
            {
                var took = time.GetElapsedTime(started);
                Indexed(folder.Name, pass.Indexed, pass.Unchanged, pass.Removed, pass.Refused, took.TotalMilliseconds);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NotRead(exception, folder.Name, folder.Path);
        }
    }

    private async Task<IndexPass> IndexAsync(
        IndexedFolder index, DocumentFolder folder, IReadOnlyList<DocumentFile> files, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var stored = await index.LoadAsync(cancellationToken);
        var (batch, indexed, refused, chunks) = (new List<IndexedFile>(), 0, 0, 0);
        foreach (var file in files)
        {
            var content = await ReadAsync(folder, file, cancellationToken);
            if (content.Refusal is not null)
            {
                refused++;
                continue;
            }

            var isStored = stored.Remove(file.Path, out var hash) && hash.AsSpan().SequenceEqual(content.Hash);
            if (isStored)
            {
                continue;
            }

            var text = content.Text ?? (await DocumentText.ReadAsync(file, options.Value.MaxFileBytes, cancellationToken)).Text ?? "";
            batch.Add(new IndexedFile(file.Path, content.Hash, Chunker.Cut(text, file.IsMarkdown)));
            indexed++;
            if (batch.Sum(each => each.Chunks.Count) >= BatchSize)
            {
                await PutAsync();
            }
        }

        await PutAsync();

        // What is left of the stored ones is gone, or refused now.
        foreach (var gone in stored.Keys.Chunk(BatchSize))
        {
            await index.RemoveAsync(gone, cancellationToken);
        }

        if (chunks >= ManyChunks)
        {
            await using var analyze = new NpgsqlCommand("SELECT analyze_document_chunks()", connection);
            await analyze.ExecuteNonQueryAsync(cancellationToken);
        }

        return new IndexPass(indexed, files.Count - indexed - refused, stored.Count, refused);

        async Task PutAsync()
        {
            if (batch.Count > 0)
            {
                await index.PutAsync(batch, cancellationToken);
                chunks += batch.Sum(each => each.Chunks.Count);
                batch.Clear();
            }
        }
    }

    private async Task<DocumentText> ReadAsync(DocumentFolder folder, DocumentFile file, CancellationToken cancellationToken)
    {
        if (_known.Find(folder, file) is { } known)
        {
            return known;
        }

        var content = await DocumentText.ReadAsync(file, options.Value.MaxFileBytes, cancellationToken);
        _known.Remember(folder, file, content);
        if (content.Refusal is { } why)
        {
            metrics.DocumentsIndexed("refused", 1);
            LeftOut(folder.Name, file.Path, why);
        }

        return content;
    }

    [LoggerMessage(EventId = 1, EventName = "documents_indexed", Level = LogLevel.Information,
        Message = "Documents of {Folder}: {Indexed} indexed, {Unchanged} unchanged, {Removed} removed, {Refused} left out, {Milliseconds:F0} ms")]
    private partial void Indexed(string folder, int indexed, int unchanged, int removed, int refused, double milliseconds);

    [LoggerMessage(EventId = 2, EventName = "document_left_out", Level = LogLevel.Warning, Message = "The document {Path} of {Folder} is left out: {Why}")]
    private partial void LeftOut(string folder, string path, string why);

    [LoggerMessage(EventId = 3, EventName = "documents_not_read", Level = LogLevel.Warning, Message = "Documents of {Folder} cannot be read from {Path}; their index stays as it is")]
    private partial void NotRead(Exception exception, string folder, string path);
}
