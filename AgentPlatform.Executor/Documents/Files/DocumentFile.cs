namespace AgentPlatform.Executor.Documents.Files;

/// <summary>A file as the file system lists it.</summary>
/// <param name="Path">Below its folder, with slashes.</param>
/// <param name="RealPath">What is opened, past any link.</param>
internal sealed record DocumentFile(string Path, string RealPath, long Length, DateTime LastWrite)
{
    public bool IsMarkdown => !Path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase);
}
