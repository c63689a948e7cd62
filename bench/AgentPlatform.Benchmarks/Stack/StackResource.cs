using System.Text.Json.Serialization;

namespace AgentPlatform.Benchmarks.Stack;

/// <summary>One entry of the AppHost's <c>processes.json</c>.</summary>
internal sealed record StackResource(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("pid")] int? Pid,
    [property: JsonPropertyName("port")] int Port,
    [property: JsonPropertyName("address")] string Address,
    [property: JsonPropertyName("log")] string Log)
{
    public bool IsReady => State == "ready" && Pid is not null;

    public bool IsExecutor => Name.StartsWith("executor", StringComparison.Ordinal);
}
