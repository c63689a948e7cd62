using System.Diagnostics;
using System.Globalization;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>
/// Ends a child and its whole group when the executor ends, killed or not. A tiny shell holds the reading end of a pipe; the pipe
/// closes with the executor, or when this is disposed of. A server that only waits for the end of its input may have children, or
/// timers, that do not. Windows has no such shell; there a server sees its input end.
/// </summary>
internal sealed class McpChildWatch : IAsyncDisposable
{
    private const string Script = "trap '' INT TERM HUP; cat >/dev/null; kill -9 -\"$1\" 2>/dev/null || kill -9 \"$1\" 2>/dev/null";
    private const string Shell = "/bin/sh";

    private readonly Process _shell;

    private McpChildWatch(Process shell) => _shell = shell;

    /// <summary>The program that makes its command the head of a session; null where there is none.</summary>
    public static string? SetSid { get; } = OperatingSystem.IsWindows()
        ? null
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "setsid"))
            .FirstOrDefault(File.Exists);

    public static McpChildWatch? Over(int processId)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        string[] own = SetSid is null ? [] : [SetSid];
        string[] words = [.. own, Shell, "-c", Script, "mcp-child-watch", processId.ToString(CultureInfo.InvariantCulture)];
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardInput = true };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        return new McpChildWatch(Process.Start(start)!);
    }

    /// <summary>Ends the group now.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _shell.StandardInput.Close();
            await _shell.WaitForExitAsync();
        }
        catch (IOException)
        {
            // The shell has gone already.
        }

        _shell.Dispose();
    }
}
