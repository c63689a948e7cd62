using System.Diagnostics;

namespace AgentPlatform.AppHost.Local;

/// <summary>
/// Puts a Unix child behind small programs that replace themselves by it (so its pid is the started one):
/// <c>setsid</c>, so that Ctrl-C in the terminal reaches the AppHost alone, which then stops its children in order;
/// <c>setpriv</c>, for another account and the parent-death signal. It sets that signal last, since a change of account clears it.
/// </summary>
internal static class UnixWrapping
{
    private static readonly string? SetSid = Executables.Find("setsid");
    private static readonly string? SetPriv = FindSetPriv();

    /// <summary>Whether the system itself ends children with the AppHost; where not, <see cref="DeathWatch"/> does.</summary>
    public static bool HasParentDeathSignal => SetPriv is not null;

    public static LaunchCommand Wrap(LaunchCommand command)
    {
        List<string> words = [.. SetSid is null ? [] : new[] { SetSid }, .. Account(command), command.FileName, .. command.Arguments];
        return command with { FileName = words[0], Arguments = words[1..] };
    }

    private static string[] Account(LaunchCommand command)
    {
        if (SetPriv is not null)
        {
            string[] account = command.User is { } user ? [$"--reuid={user.Id}", $"--regid={user.GroupId}", "--clear-groups"] : [];
            return [SetPriv, "--pdeathsig", SignalName(command.DeathSignal), .. account, "--"];
        }

        return command.User is null ? []
            : Executables.Find("runuser") is { } runUser ? [runUser, "-u", command.User.Name, "--"]
            : [Executables.Find("su") ?? "su", command.User.Name, "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--"];
    }

    private static string SignalName(UnixSignal signal) => signal switch
    {
        UnixSignal.Quit => "QUIT",
        UnixSignal.Terminate => "TERM",
        _ => "KILL",
    };

    /// <summary>Only util-linux's setpriv knows the parent-death signal; BusyBox has a lesser one of the same name.</summary>
    private static string? FindSetPriv()
    {
        if (!OperatingSystem.IsLinux() || Executables.Find("setpriv") is not { } path)
        {
            return null;
        }

        using var probe = Process.Start(new ProcessStartInfo(path, ["--pdeathsig", "KILL", "true"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        probe.WaitForExit();
        return probe.ExitCode == 0 ? path : null;
    }
}
