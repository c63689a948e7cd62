using System.Text.Json;

namespace AgentPlatform.Benchmarks.Faults;

/// <summary>A run that the platform accepted, as its journal tells it afterwards.</summary>
/// <param name="Resumed">When it went on after it had lost its executor.</param>
internal sealed record TrackedRun(string Id, string Agent, string Status, IReadOnlyList<DateTimeOffset> Resumed)
{
    /// <summary>Of a foreground run: how long its client waited.</summary>
    public TimeSpan? Waited { get; init; }

    /// <param name="run">The body of <c>GET /runs/{id}</c>.</param>
    public static TrackedRun Of(JsonElement run) => new(
        run.GetProperty("run_id").GetString()!,
        run.GetProperty("agent").GetString()!,
        run.GetProperty("status").GetString()!,
        [.. run.GetProperty("steps").EnumerateArray()
            .Where(step => step.GetProperty("type").ValueEquals("run_resumed") && !Is(step, "from_queue") && !Is(step, "from_wait"))
            .Select(step => step.GetProperty("at").GetDateTimeOffset())]);

    private static bool Is(JsonElement step, string flag) => step.TryGetProperty(flag, out var value) && value.ValueKind == JsonValueKind.True;
}
