using System.Diagnostics;
using System.Globalization;

namespace AgentPlatform.AppHost.Local;

/// <summary>
/// Ends a child with the AppHost on a Unix without parent-death signal: a tiny shell holds the reading end of a pipe, and the pipe closes
/// when the AppHost dies, however that happens.
/// </summary>
internal sealed class DeathWatch : IDisposable
{
    private const string Script = "trap '' INT TERM HUP; cat >/dev/null; kill -\"$1\" \"$2\" 2>/dev/null";
    private readonly Process _shell;

    public DeathWatch(int processId, UnixSignal signal)
    {
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", Script, "death-watch", ((int)signal).ToString(CultureInfo.InvariantCulture), processId.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
        };
        _shell = Process.Start(start)!;
    }

    /// <summary>Ends the watch, to be called once the child is gone: its pid may belong to a stranger next.</summary>
    public void Dispose()
    {
        _shell.Kill(entireProcessTree: true);
        _shell.Dispose();
    }
}
