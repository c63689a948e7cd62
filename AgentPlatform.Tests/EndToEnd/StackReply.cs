using System.Net;
using System.Text.Json;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>What the stack answered: an answer or a problem.</summary>
internal sealed record StackReply(HttpStatusCode Status, JsonElement Body, TimeSpan Took)
{
    public string Answer => this["answer"].GetString()!;

    public bool Cached => this["cached"].GetBoolean();

    public int Iterations => this["iterations"].GetInt32();

    public string? RunId => this["run_id"].GetString();

    /// <summary>Level and reason as <c>partial/limit</c>; null for a full answer.</summary>
    public string? Degraded => this["degraded"] is { ValueKind: JsonValueKind.Object } degraded
        ? $"{degraded.GetProperty("level").GetString()}/{degraded.GetProperty("reason").GetString()}"
        : null;

    public JsonElement this[string member] => Body.TryGetProperty(member, out var value)
        ? value
        : throw new KeyNotFoundException($"No '{member}' in {(int)Status} {Body}");
}
