using System.Text.Json;

namespace AgentPlatform.Benchmarks.Faults;

/// <summary>When the executors' logs say that a run was found without its executor.</summary>
internal static class RecoveryLog
{
    public static ILookup<string, DateTimeOffset> Found(FaultyPlatform platform) => platform.Stack.Resources()
        .Where(resource => resource.IsExecutor)
        .SelectMany(resource => Lines(resource.Log))
        .ToLookup(found => found.RunId, found => found.At);

    private static IEnumerable<(string RunId, DateTimeOffset At)> Lines(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        while (reader.ReadLine() is { } line)
        {
            if (line.Contains("\"orphan_found\"", StringComparison.Ordinal) && line.EndsWith('}'))
            {
                var found = JsonSerializer.Deserialize<JsonElement>(line);
                yield return (found.GetProperty("run_id").GetString()!, found.GetProperty("timestamp").GetDateTimeOffset());
            }
        }
    }
}
