using System.Text.Json;

namespace AgentPlatform.Benchmarks.Overload;

/// <summary>The generator's side: one line when it begins, the result as JSON when everything is answered.</summary>
internal static class GeneratorCommand
{
    public const string Begun = "begun";

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var loop = new OpenLoop(GeneratorOptions.Parse(arguments));
        await Console.Out.WriteLineAsync(Begun);
        var result = await loop.RunAsync(cancellationToken);
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result));
        return 0;
    }
}
