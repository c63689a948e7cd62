using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AgentPlatform.Tests.Postgres;

/// <summary>Finds and runs the machine's own PostgreSQL, as an unprivileged user where the tests run as root (Postgres refuses root).</summary>
internal sealed class PostgresBinaries
{
    private const string Remedy =
        "The tests need PostgreSQL's server binaries (initdb, postgres): install them (Debian: apt-get install postgresql) or set AGENTPLATFORM_PG_BIN to their folder.";

    private readonly string _folder;

    private PostgresBinaries(string folder) => _folder = folder;

    /// <summary>The user that owns the server's files, when it is not the caller.</summary>
    public string? User { get; } = RunsAsRoot ? UnprivilegedUser() : null;

    private static bool RunsAsRoot => !OperatingSystem.IsWindows() && Environment.UserName == "root";

    public static PostgresBinaries Find()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] configured = Environment.GetEnvironmentVariable("AGENTPLATFORM_PG_BIN") is { Length: > 0 } set ? [set] : [];
        var folder = configured.Concat(path).Concat(InstallFolders()).FirstOrDefault(IsServerFolder);
        return new PostgresBinaries(folder ?? throw new InvalidOperationException(Remedy));
    }

    /// <summary>Makes a folder's content the server user's own.</summary>
    public async Task OwnAsync(string folder)
    {
        if (User is not null)
        {
            await RunAsync("chown", ["-R", User, folder]);
        }
    }

    public async Task RunToolAsync(string tool, params string[] arguments)
    {
        var (file, all) = Command(tool, arguments);
        await RunAsync(file, all);
    }

    /// <summary>Starts a tool that keeps running; its output goes to a file.</summary>
    public Process Start(string tool, string output, params string[] arguments)
    {
        var (file, all) = Command(tool, arguments);
        var process = Create(file, all);
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Write(string? line)
        {
            if (line is not null)
            {
                lock (process)
                {
                    File.AppendAllLines(output, [line]);
                }
            }
        }
    }

    private static async Task RunAsync(string file, IEnumerable<string> arguments)
    {
        using var process = Create(file, arguments);
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{file} ended with {process.ExitCode}: {await output}{await errors}");
        }
    }

    // setpriv replaces itself by the command, so that the process we hold is the server itself.
    private (string File, IEnumerable<string> Arguments) Command(string tool, string[] arguments)
    {
        var path = Path.Combine(_folder, tool);
        return User is null
            ? (path, arguments)
            : ("setpriv", ["--reuid", User, "--regid", GroupOf(User), "--clear-groups", "--", path, .. arguments]);
    }

    private static Process Create(string file, IEnumerable<string> arguments) => new()
    {
        StartInfo = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        },
    };

    private static bool IsServerFolder(string folder) =>
        new[] { "initdb", "postgres" }.All(tool =>
            File.Exists(Path.Combine(folder, tool)) || File.Exists(Path.Combine(folder, $"{tool}.exe")));

    private static IEnumerable<string> InstallFolders()
    {
        string[] roots = RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL")]
            : ["/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt", "/Library/PostgreSQL"];
        return roots.Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateDirectories(root).Append(root))
            .OrderByDescending(folder => folder, StringComparer.Ordinal)
            .Select(folder => Path.Combine(folder, "bin"));
    }

    private static string UnprivilegedUser() =>
        File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private static string GroupOf(string user) =>
        File.ReadLines("/etc/passwd").First(line => line.StartsWith($"{user}:", StringComparison.Ordinal)).Split(':')[3];
}
