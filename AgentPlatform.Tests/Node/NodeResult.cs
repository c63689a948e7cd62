using System.Diagnostics;

namespace AgentPlatform.Tests.Node;

/// <summary>What a Node process said until it ended.</summary>
public sealed record NodeResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Starts the process and reads it to its end; it does not outlive the token.</summary>
    public static async Task<NodeResult> OfAsync(Process process, CancellationToken cancellationToken)
    {
        process.Start();
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new NodeResult(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
