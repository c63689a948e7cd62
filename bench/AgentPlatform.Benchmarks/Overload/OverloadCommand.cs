using System.Globalization;
using AgentPlatform.Benchmarks.Load;
using AgentPlatform.Benchmarks.Stack;
using AgentPlatform.Benchmarks.Throughput;

namespace AgentPlatform.Benchmarks.Overload;

/// <summary>
/// Ten times the load that the platform can sustain: 1. find that load, with as many clients as the API lets in at a time; 2. see what an
/// answer costs that needs no work, a 404, while nothing else goes on; 3. offer the multiple at a fixed rate, from a process that yields the
/// machine to the platform; 4. see when a question is answered normally again.
/// </summary>
internal static class OverloadCommand
{
    public static readonly string[] Processes = ["api-1", "executor-1"];

    private const double QuietRate = 100;
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ClosedTime = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var options = OverloadOptions.Parse(arguments);
        await using var model = await CannedModel.StartAsync(cancellationToken, options.ModelDelay);
        var settings = new Dictionary<string, string>
        {
            ["Admission__MaxConcurrent"] = options.Concurrent.ToString(CultureInfo.InvariantCulture),
            ["Admission__MaxQueued"] = options.Concurrent.ToString(CultureInfo.InvariantCulture),
        };
        await using var stack = await StackUnderLoad.StartAsync(model.BaseUrl, executors: 1, settings, cancellationToken);

        // 1.
        using var platform = new PlatformRuns(stack.Address, options.Concurrent);
        await LoadLoop.RunAsync(options.Concurrent, options.WarmUp, (_, stop) => platform.RunAsync(stop), cancellationToken);
        var sustained = await LoadLoop.RunAsync(options.Concurrent, ClosedTime, (_, stop) => platform.RunAsync(stop), cancellationToken);

        // 2.
        var unloaded = await GenerateAsync(new GeneratorOptions(stack.Address, QuietRate, QuietTime, Timeout: 0), options, cancellationToken);

        // 3.
        var rate = sustained.PerSecond * options.Factor;
        using var generator = await ChildProcess.StartAsync(
            new GeneratorOptions(stack.Address, rate, options.Duration, options.AnswerTimeout).Arguments, options.Nice, cancellationToken);
        await Task.Delay(options.Duration / 3, cancellationToken);
        var early = MemoryOf(stack);
        await Task.Delay(options.Duration * 2 / 3, cancellationToken);
        var late = MemoryOf(stack);

        // 4.
        var recovered = await Recovery.WaitAsync(stack.Address, cancellationToken);
        var result = new OverloadResult(
            sustained, unloaded, await generator.ResultAsync<GeneratorResult>(cancellationToken), rate, early, late, recovered);
        return OverloadReport.Print(options, result) ? 0 : 1;
    }

    private static async Task<GeneratorResult> GenerateAsync(GeneratorOptions what, OverloadOptions options, CancellationToken cancellationToken)
    {
        using var generator = await ChildProcess.StartAsync(what.Arguments, options.Nice, cancellationToken);
        return await generator.ResultAsync<GeneratorResult>(cancellationToken);
    }

    private static Dictionary<string, double> MemoryOf(StackUnderLoad stack) =>
        stack.Resources().Where(resource => Processes.Contains(resource.Name)).ToDictionary(resource => resource.Name, resource => ProcessMemory.Megabytes(resource.Pid!.Value));
}
