using System.Text.Json.Serialization;

namespace AgentPlatform.AppHost.Local;

/// <summary>One row of the resource table and one entry of <c>processes.json</c>.</summary>
/// <param name="Pid">Null while no process runs.</param>
/// <param name="Restarts">Deaths so far that were not asked for.</param>
internal sealed record ResourceStatus(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("state")] ResourceState State,
    [property: JsonPropertyName("pid")] int? Pid,
    [property: JsonPropertyName("port")] int Port,
    [property: JsonPropertyName("address")] string Address,
    [property: JsonPropertyName("log")] string Log,
    [property: JsonPropertyName("restarts")] int Restarts);
