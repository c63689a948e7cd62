using System.Runtime.InteropServices;
using Garnet;

namespace AgentPlatform.AppHost.Local;

/// <summary>
/// The AppHost's second part: a Redis-compatible server with persistence, on 127.0.0.1. Everything in it can be rebuilt, so the log is
/// committed once a second and not per write: a killed server forgets at most its last second.
/// </summary>
internal static class GarnetRole
{
    /// <summary>First argument of the executable in this role; then port and data folder.</summary>
    public const string Name = "redis";

    /// <summary>The password comes by environment: arguments are visible to everyone on the machine.</summary>
    public const string PasswordVariable = "AGENTPLATFORM_REDIS_PASSWORD";

    /// <summary>Serves until SIGTERM or the AppHost's end.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

        using var server = new GarnetServer(Settings(arguments[0], arguments[1]));
        server.Start();
        await Task.WhenAny(stopped.Task, ParentWatch.ParentEndedAsync());
        await server.Store.CommitAOFAsync(CancellationToken.None);
        return 0;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopped.TrySetResult();
        }
    }

    private static string[] Settings(string port, string folder) =>
    [
        "--bind", "127.0.0.1", "--port", port,
        "--auth", "Password", "--password", Environment.GetEnvironmentVariable(PasswordVariable) ?? "",
        // Scripts as one step, as in Redis: without the second each command of a script stands alone.
        "--lua", "--lua-transaction-mode",
        // RandomAccess: the log's default device on Linux wants a native library that not every machine has.
        "--aof", "--recover", "--device-type", "RandomAccess", "--checkpointdir", folder, "--aof-commit-freq", "1000",
        // Bounded memory: when it is full the oldest entries go; the log on disk is cut by a checkpoint.
        "--memory", "128m", "--page", "2m", "--index", "8m", "--aof-memory", "32m", "--aof-page-size", "8m", "--aof-size-limit", "256m",
        "-q", "--logger-level", "Warning",
    ];
}
