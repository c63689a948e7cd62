namespace AgentPlatform.Executor.Documents.Files;

/// <summary>
/// Lists a folder's documents. Hidden files and folders are passed over, linked folders too; a linked file counts when what it stands for
/// lies inside the folder, as in mounted configuration.
/// </summary>
internal static class FolderScan
{
    private static readonly string[] Extensions = [".md", ".markdown", ".txt"];

    private static readonly EnumerationOptions Here = new() { AttributesToSkip = FileAttributes.System, IgnoreInaccessible = true };

    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static IReadOnlyList<DocumentFile> Read(string root, CancellationToken cancellationToken)
    {
        var files = new List<DocumentFile>();
        var realRoot = RealPath.Of(root) ?? throw new IOException($"The links of {root} lead in a circle.");
        var open = new Stack<DirectoryInfo>([new DirectoryInfo(root)]);
        while (open.TryPop(out var directory))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var entry in directory.EnumerateFileSystemInfos("*", Here).Where(entry => !IsHidden(entry)))
            {
                if (entry is DirectoryInfo { LinkTarget: null } below)
                {
                    open.Push(below);
                }
                else if (entry is FileInfo file && Extensions.Contains(file.Extension, StringComparer.OrdinalIgnoreCase) && Target(file, realRoot) is { } target)
                {
                    files.Add(new DocumentFile(
                        Path.GetRelativePath(root, file.FullName).Replace('\\', '/'), target.FullName, target.Length, target.LastWriteTimeUtc));
                }
            }
        }

        return [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    private static bool IsHidden(FileSystemInfo entry) => entry.Name.StartsWith('.') || entry.Attributes.HasFlag(FileAttributes.Hidden);

    /// <summary>What would be read; null when that is not in the folder, or not there.</summary>
    private static FileInfo? Target(FileInfo file, string realRoot)
    {
        if (file.LinkTarget is null)
        {
            return file;
        }

        var inside = Path.TrimEndingDirectorySeparator(realRoot) + Path.DirectorySeparatorChar;
        return RealPath.Of(file.FullName) is { } real && real.StartsWith(inside, StringComparison.Ordinal) && File.Exists(real) ? new FileInfo(real) : null;
    }
}
