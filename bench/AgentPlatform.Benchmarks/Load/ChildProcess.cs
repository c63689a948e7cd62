using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AgentPlatform.Benchmarks.Load;

/// <summary>This program again, in a process of its own that yields the machine to what it loads: a line when it has begun, its result as JSON at the end.</summary>
internal sealed class ChildProcess : IDisposable
{
    public const string Begun = "begun";

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <summary>Returns when it has begun.</summary>
    public static async Task<ChildProcess> StartAsync(IReadOnlyList<string> arguments, int nice, CancellationToken cancellationToken)
    {
        var own = Environment.ProcessPath!;
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(own, arguments)
            : new ProcessStartInfo("nice", ["-n", nice.ToString(CultureInfo.InvariantCulture), own, .. arguments]);
        start.RedirectStandardOutput = true;
        var process = Process.Start(start)!;
        if (await process.StandardOutput.ReadLineAsync(cancellationToken) != Begun)
        {
            throw new InvalidOperationException($"'{arguments[0]}' did not start.");
        }

        return new ChildProcess(process);
    }

    /// <summary>When it has ended.</summary>
    public async Task<T> ResultAsync<T>(CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<T>(await _process.StandardOutput.ReadToEndAsync(cancellationToken))!;

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
