using AgentPlatform.Benchmarks.Overload;
using AgentPlatform.Benchmarks.Stack;

namespace AgentPlatform.Benchmarks.Fuzz;

/// <summary>Resident memory after so many requests, in megabytes.</summary>
internal sealed record MemoryMark(int Requests, double Api, double Executor)
{
    /// <summary>What the second half may add to the first: caches and pools that fill.</summary>
    private const double Growth = 1.2;

    public static MemoryMark Of(StackUnderLoad stack, int requests, string api, string executor) => new(requests, Of(stack, api), Of(stack, executor));

    /// <summary>It grew in the first half, while everything was used for the first time, and no more.</summary>
    public static bool HasSettled(IReadOnlyList<MemoryMark> marks)
    {
        var (half, end) = (marks[marks.Count / 2], marks[^1]);
        return end.Api <= half.Api * Growth && end.Executor <= half.Executor * Growth;
    }

    private static double Of(StackUnderLoad stack, string name) => ProcessMemory.Megabytes(stack.Resources().Single(resource => resource.Name == name).Pid!.Value);
}
