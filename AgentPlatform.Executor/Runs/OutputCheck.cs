using System.Text.Json;

namespace AgentPlatform.Executor.Runs;

/// <summary>Whether an answer fits the agent's response schema.</summary>
/// <param name="Output">The answer as JSON; null when the agent has no schema or the answer does not fit.</param>
/// <param name="Problem">What is wrong, for the model; null when nothing is.</param>
internal sealed record OutputCheck(JsonElement? Output, string? Problem)
{
    public static OutputCheck Free { get; } = new(null, null);
}
