using System.Text.Json;

namespace AgentPlatform.Core.ChatModels.OpenAICompatible;

/// <summary>What a made-up reply must know of the request it answers.</summary>
/// <param name="Tool">Name of the first offered tool; null when none is offered.</param>
internal readonly record struct AskedCompletion(string Model, bool Stream, string? Tool)
{
    public static AskedCompletion Read(byte[] body)
    {
        var request = JsonElement.Parse(body);
        var tool = request.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array && tools.GetArrayLength() > 0
            ? tools[0].GetProperty("function").GetProperty("name").GetString()
            : null;
        return new AskedCompletion(
            request.GetProperty("model").GetString()!,
            request.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True,
            tool);
    }
}
