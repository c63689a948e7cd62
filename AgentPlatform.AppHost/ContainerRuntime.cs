using System.ComponentModel;
using System.Diagnostics;

namespace AgentPlatform.AppHost;

/// <summary>Asks whether Docker or Podman works, not merely whether its client is installed.</summary>
internal static class ContainerRuntime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>True when the runtime's server answered within five seconds.</summary>
    public static async Task<bool> AnswersAsync()
    {
        // The variables by which Aspire itself is told to prefer one runtime.
        var preferred = Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") ?? Environment.GetEnvironmentVariable("DOTNET_ASPIRE_CONTAINER_RUNTIME");
        string[] candidates = string.IsNullOrEmpty(preferred) ? ["docker", "podman"] : [preferred];
        foreach (var candidate in candidates)
        {
            if (await AnswersAsync(candidate))
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<bool> AnswersAsync(string client)
    {
        var start = new ProcessStartInfo(client, ["info"]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        try
        {
            using var process = Process.Start(start)!;
            using var deadline = new CancellationTokenSource(Patience);
            try
            {
                await Task.WhenAll(
                    process.StandardOutput.ReadToEndAsync(deadline.Token),
                    process.StandardError.ReadToEndAsync(deadline.Token),
                    process.WaitForExitAsync(deadline.Token));
                return process.ExitCode == 0;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return false;
            }
        }
        catch (Win32Exception)
        {
            // Not installed.
            return false;
        }
    }
}
