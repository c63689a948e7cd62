using System.Diagnostics;
using System.Reflection;
using AgentPlatform.Tests.Node;
using Xunit;

[assembly: AssemblyFixture(typeof(NodePackages))]

namespace AgentPlatform.Tests.Node;

/// <summary>
/// The official clients and servers of <c>package.json</c>, installed once for the whole run by the first test that needs them. A test takes this class as a
/// constructor parameter.
/// </summary>
public sealed class NodePackages
{
    private static readonly string Source = typeof(NodePackages).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "NodePackages").Value!;

    private readonly Lazy<Task> _installed = new(InstallAsync);

    /// <summary>The folder that holds <c>node_modules</c>.</summary>
    public static string Folder => Path.GetFullPath(Source);

    /// <summary>A Node process with this script and arguments, its three streams redirected, not started yet.</summary>
    /// <param name="script">Path below the folder: one of ours, or one below <c>node_modules</c>.</param>
    public async Task<Process> ProcessAsync(string script, params IEnumerable<string> arguments)
    {
        await _installed.Value;
        return Prepare("node", [Path.Combine(Folder, script), .. arguments]);
    }

    /// <summary>The path of a file or folder that a package brings.</summary>
    /// <param name="path">Below <c>node_modules</c>.</param>
    public async Task<string> PathAsync(string path)
    {
        await _installed.Value;
        return Path.Combine(Folder, "node_modules", path);
    }

    /// <summary>Runs a script to its end.</summary>
    /// <param name="environment">Set for it besides this process's own.</param>
    public async Task<NodeResult> RunAsync(
        string script, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        using var process = await ProcessAsync(script, arguments);
        foreach (var (name, value) in environment)
        {
            process.StartInfo.Environment[name] = value;
        }

        return await NodeResult.OfAsync(process, cancellationToken);
    }

    private static async Task InstallAsync()
    {
        // npm writes this file last.
        var stamp = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
        if (stamp.Exists && stamp.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json")))
        {
            return;
        }

        using var npm = Prepare("npm", ["ci", "--ignore-scripts"]);
        var result = await NodeResult.OfAsync(npm, TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, $"The tests need Node.js 20 or later with npm. npm said: {result.Output}{result.Errors}");
    }

    private static Process Prepare(string program, IEnumerable<string> arguments) => new()
    {
        StartInfo = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        },
    };
}
