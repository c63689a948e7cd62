using System.Text.Json;
using AgentPlatform.Tests.Stack;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>The JSON lines that a service of the stack wrote.</summary>
internal static class StackLog
{
    /// <summary>Every finished line of the service's log file; one that is no JSON object fails the test.</summary>
    public static List<JsonElement> LogLines(this RunningStack stack, string process) =>
        [.. stack.LogText(process).Split('\n').SkipLast(1).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).Select(Object)];

    public static string LogText(this RunningStack stack, string process)
    {
        using var file = new FileStream(stack.Processes[process].Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    /// <summary>The lines that carry the run's id.</summary>
    public static List<JsonElement> LogLines(this RunningStack stack, string process, string runId) =>
        [.. stack.LogLines(process).Where(line => Field(line, "run_id") == runId)];

    public static string? Field(this JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.ToString() : null;

    private static JsonElement Object(JsonElement line) => line.ValueKind == JsonValueKind.Object
        ? line
        : throw new InvalidDataException($"Not an object: {line}");
}
