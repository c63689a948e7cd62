using System.Diagnostics;

namespace AgentPlatform.AppHost.Local;

/// <summary>A running child, bound to the AppHost's life: it ends when the AppHost ends.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly DeathWatch? _deathWatch;

    private ChildProcess(Process process, DeathWatch? deathWatch, Action<string> onLine)
    {
        _process = process;
        _deathWatch = deathWatch;
        Exited = WaitAsync(PumpAsync(process.StandardOutput, onLine), PumpAsync(process.StandardError, onLine));
    }

    public int Id => _process.Id;

    /// <summary>Completes with the exit code once the process is gone (128 + signal when a signal ended it).</summary>
    public Task<int> Exited { get; }

    /// <summary>Starts the command; every line it prints goes to <paramref name="onLine"/>.</summary>
    public static Task<ChildProcess> StartAsync(LaunchCommand command, LaunchThread launcher, Action<string> onLine)
    {
        var wrapped = OperatingSystem.IsWindows() ? command : UnixWrapping.Wrap(command);
        var start = new ProcessStartInfo(wrapped.FileName, wrapped.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = wrapped.WorkingDirectory ?? "",
        };
        foreach (var (name, value) in wrapped.Environment)
        {
            start.Environment[name] = value;
        }

        return launcher.RunAsync(() =>
        {
            var process = Process.Start(start)!;
            process.StandardInput.Write(wrapped.Input);
            process.StandardInput.Close();
            return new ChildProcess(process, Bind(process, wrapped), onLine);
        });
    }

    /// <summary>Asks <paramref name="processId"/> (the child, or the one that the child stands for) to end; Windows has no such signals and ends it.</summary>
    public void Signal(UnixSignal signal, int processId)
    {
        if (Exited.IsCompleted)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            _process.Kill(entireProcessTree: true);
        }
        else
        {
            UnixSignals.Send(processId, signal);
        }
    }

    public void Dispose() => _process.Dispose();

    private static DeathWatch? Bind(Process process, LaunchCommand command)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsJob.Add(process);
            return null;
        }

        // Without setpriv another account means su or runuser as a standing wrapper, and SIGTERM is the signal which those pass on.
        return UnixWrapping.HasParentDeathSignal ? null : new DeathWatch(process.Id, command.User is null ? command.DeathSignal : UnixSignal.Terminate);
    }

    private static async Task PumpAsync(StreamReader reader, Action<string> onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            onLine(line);
        }
    }

    private async Task<int> WaitAsync(Task output, Task errors)
    {
        await _process.WaitForExitAsync();
        _deathWatch?.Dispose();

        // Its last words, unless a grandchild keeps the pipe open.
        await Task.WhenAny(Task.WhenAll(output, errors), Task.Delay(TimeSpan.FromMilliseconds(200)));
        return _process.ExitCode;
    }
}
