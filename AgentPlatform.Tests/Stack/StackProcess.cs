using System.Text.Json.Serialization;

namespace AgentPlatform.Tests.Stack;

/// <summary>One entry of the AppHost's <c>processes.json</c>.</summary>
internal sealed record StackProcess(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("pid")] int? Pid,
    [property: JsonPropertyName("port")] int Port,
    [property: JsonPropertyName("address")] string Address,
    [property: JsonPropertyName("log")] string Log,
    [property: JsonPropertyName("restarts")] int Restarts);
