using System.Runtime.InteropServices;

namespace AgentPlatform.AppHost.Local;

/// <summary>The signals the local stack sends; the numbers are the same on every Unix.</summary>
internal enum UnixSignal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
}

internal static partial class UnixSignals
{
    /// <summary>Sends the signal; false when the process is gone.</summary>
    public static bool Send(int processId, UnixSignal signal) => Kill(processId, (int)signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
