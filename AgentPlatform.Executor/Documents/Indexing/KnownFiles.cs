using AgentPlatform.Executor.Documents.Files;

namespace AgentPlatform.Executor.Documents.Indexing;

/// <summary>What files held when they were read last, so that one whose size and time are the same is not read again.</summary>
internal sealed class KnownFiles
{
    private readonly Dictionary<string, (DocumentFile File, DocumentText Content)> _files = new(StringComparer.Ordinal);

    /// <summary>Without the text; null when the file is new or was written since.</summary>
    public DocumentText? Find(DocumentFolder folder, DocumentFile file) =>
        _files.TryGetValue(Key(folder, file), out var known) && known.File == file ? known.Content : null;

    public void Remember(DocumentFolder folder, DocumentFile file, DocumentText content) =>
        _files[Key(folder, file)] = (file, content with { Text = null });

    private static string Key(DocumentFolder folder, DocumentFile file) => $"{folder.Name}/{file.Path}";
}
