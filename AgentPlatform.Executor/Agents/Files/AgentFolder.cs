using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Agents.Files;

/// <summary>The folder with the agents' files.</summary>
internal sealed class AgentFolder(IOptions<AgentOptions> options, IHostEnvironment environment)
{
    private readonly string _shown = options.Value.Directory.TrimEnd('/', '\\');

    public string Path { get; } = Resolve(options.Value.Directory, environment.ContentRootPath);

    /// <summary>Every <c>*.yaml</c> and <c>*.yml</c> of the folder itself, by name; none when it does not exist.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IReadOnlyList<AgentFile> Read() => !Directory.Exists(Path)
        ? []
        : [.. Directory.EnumerateFiles(Path)
            .Where(file => System.IO.Path.GetExtension(file) is ".yaml" or ".yml")
            .Order(StringComparer.Ordinal)
            .Select(file => new AgentFile($"{_shown}/{System.IO.Path.GetFileName(file)}", File.ReadAllText(file)))];

    private static string Resolve(string directory, string contentRoot)
    {
        var beside = System.IO.Path.GetFullPath(directory, contentRoot);
        return Directory.Exists(beside) ? beside : System.IO.Path.GetFullPath(directory, AppContext.BaseDirectory);
    }
}
