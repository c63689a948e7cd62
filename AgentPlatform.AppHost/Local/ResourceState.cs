using System.Text.Json.Serialization;

namespace AgentPlatform.AppHost.Local;

/// <summary>Where a resource is in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResourceState>))]
internal enum ResourceState
{
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    [JsonStringEnumMemberName("starting")]
    Starting,

    [JsonStringEnumMemberName("ready")]
    Ready,

    [JsonStringEnumMemberName("restarting")]
    Restarting,

    [JsonStringEnumMemberName("stopped")]
    Stopped,
}
