using System.Diagnostics;
using System.Globalization;

namespace AgentPlatform.AppHost.Local;

/// <summary>Postgres's own account of itself: <c>postmaster.pid</c> in the cluster's folder, line 1 its pid, line 3 when it started, line 8 its state.</summary>
internal sealed record Postmaster(int ProcessId, string Started, bool IsReady)
{
    private const int StartLine = 2;
    private const int StateLine = 7;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Null when there is no such file or it is being written.</summary>
    public static Postmaster? Read(string clusterFolder)
    {
        try
        {
            var lines = File.ReadAllLines(PidFile(clusterFolder));
            return lines.Length > StartLine && int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                ? new Postmaster(pid, lines[StartLine], lines.Length > StateLine && lines[StateLine].Trim() == "ready")
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>
    /// Clears what an AppHost that was killed left behind: a server still running on this cluster is ended (its log makes that safe), and a pid
    /// that meanwhile belongs to a stranger is forgotten, since Postgres would take that for a running server.
    /// </summary>
    public static async Task ClearAwayAsync(string clusterFolder, CancellationToken cancellationToken)
    {
        if (Read(clusterFolder) is not { } left)
        {
            return;
        }

        try
        {
            using var process = Process.GetProcessById(left.ProcessId);
            if (!await ServesAsync(process, clusterFolder, cancellationToken))
            {
                File.Delete(PidFile(clusterFolder));
                return;
            }

            if (OperatingSystem.IsWindows())
            {
                process.Kill(entireProcessTree: true);
            }
            else
            {
                UnixSignals.Send(left.ProcessId, UnixSignal.Quit);
            }

            await process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        }
        catch (ArgumentException)
        {
            // No such process: Postgres clears the file itself.
        }
        catch (TimeoutException)
        {
            throw new StartFailedException($"Another Postgres (pid {left.ProcessId}) still runs on {clusterFolder} and does not end.");
        }
    }

    private static async Task<bool> ServesAsync(Process process, string clusterFolder, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
        }

        var arguments = await File.ReadAllTextAsync($"/proc/{process.Id}/cmdline", cancellationToken);
        return arguments.Contains(clusterFolder, StringComparison.Ordinal);
    }

    private static string PidFile(string clusterFolder) => Path.Combine(clusterFolder, "postmaster.pid");
}
