using AgentPlatform.Core.Faults;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Executor.Tools;

/// <summary>Calls a tool, or does what a broken one would do for a run that asked for that.</summary>
internal static class FaultyTool
{
    /// <summary>Characters; far beyond what any tool may say.</summary>
    private const int LargeLength = 4 * 1024 * 1024;

    public static async Task<object?> InvokeAsync(AIFunction function, AIFunctionArguments arguments, TimeProvider time, CancellationToken cancellationToken)
    {
        switch (FaultScope.Current?.Take(FaultPoint.Tool))
        {
            case { Kind: FaultKind.Error }:
                throw new InvalidOperationException("This call was to fail.");
            case { Kind: FaultKind.LargeOutput }:
                return new string('x', LargeLength);
            case { Kind: FaultKind.Stall }:
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
                break;
            case { Kind: FaultKind.Latency } late:
                await Task.Delay(late.Delay, time, cancellationToken);
                break;
        }

        return await function.InvokeAsync(arguments, cancellationToken);
    }
}
