using System.Text.Json.Serialization;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>The answer to a removal.</summary>
internal sealed record DeletedResponse(string Id)
{
    [JsonPropertyOrder(1)]
    public string Object { get; } = "response";

    [JsonPropertyOrder(2)]
    public bool Deleted { get; } = true;
}
