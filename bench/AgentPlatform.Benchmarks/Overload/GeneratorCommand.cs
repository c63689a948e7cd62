using System.Text.Json;
using AgentPlatform.Benchmarks.Load;

namespace AgentPlatform.Benchmarks.Overload;

/// <summary>The generator's side: one line when it begins, the result as JSON when everything is answered.</summary>
internal static class GeneratorCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var loop = new OpenLoop(GeneratorOptions.Parse(arguments));
        await Console.Out.WriteLineAsync(ChildProcess.Begun);
        var result = await loop.RunAsync(cancellationToken);
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result));
        return 0;
    }
}
