using System.Diagnostics;
using System.Globalization;

namespace AgentPlatform.AppHost.Local;

/// <summary>
/// Notices the end of the process this one belongs to. For a child of the AppHost it is the second line behind the system's own means; for the
/// AppHost it is the only one: <c>dotnet run</c> may be killed without taking the AppHost along.
/// </summary>
internal static class ParentWatch
{
    /// <summary>The pid to watch.</summary>
    public const string Variable = "AGENTPLATFORM_PARENT_PID";

    /// <summary>Completes when the watched process has ended; never when there is none to watch.</summary>
    public static async Task ParentEndedAsync()
    {
        var stated = int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var pid);
        if ((stated ? pid : DotnetCommand()) is not { } watched)
        {
            await Task.Delay(Timeout.Infinite);
            return;
        }

        try
        {
            using var parent = Process.GetProcessById(watched);
            await parent.WaitForExitAsync();
        }
        catch (ArgumentException)
        {
            // Gone before we looked.
        }
    }

    /// <summary>The <c>dotnet</c> command that runs us, if that is our parent (Linux tells; a shell is not watched, it may leave us behind on purpose).</summary>
    private static int? DotnetCommand()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        // "pid (name) state ppid …", and the name may hold spaces.
        var fields = File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var parent = int.Parse(fields[1], CultureInfo.InvariantCulture);
        var name = $"/proc/{parent}/comm";
        return File.Exists(name) && File.ReadAllText(name).Trim() == "dotnet" ? parent : null;
    }
}
