using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AgentPlatform.Benchmarks.Overload;

/// <summary>The generator as seen by whoever started it.</summary>
internal sealed class GeneratorProcess : IDisposable
{
    private readonly Process _process;

    private GeneratorProcess(Process process) => _process = process;

    /// <summary>Returns when it has begun to ask.</summary>
    public static async Task<GeneratorProcess> StartAsync(GeneratorOptions options, int nice, CancellationToken cancellationToken)
    {
        var own = Environment.ProcessPath!;
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(own, options.Arguments)
            : new ProcessStartInfo("nice", ["-n", nice.ToString(CultureInfo.InvariantCulture), own, .. options.Arguments]);
        start.RedirectStandardOutput = true;
        var process = Process.Start(start)!;
        if (await process.StandardOutput.ReadLineAsync(cancellationToken) != GeneratorCommand.Begun)
        {
            throw new InvalidOperationException("The generator did not start.");
        }

        return new GeneratorProcess(process);
    }

    /// <summary>When the last request was answered.</summary>
    public async Task<GeneratorResult> ResultAsync(CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<GeneratorResult>(await _process.StandardOutput.ReadToEndAsync(cancellationToken))!;

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
