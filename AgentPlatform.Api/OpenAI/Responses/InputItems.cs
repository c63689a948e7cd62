using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>What a response was asked with, as items.</summary>
internal static class InputItems
{
    /// <summary>Each with an id and a status, in the order in which they came.</summary>
    public static IReadOnlyList<JsonObject> Of(Guid runId, RunStarted started)
    {
        var given = ResponseEcho.Read(started.Echo)?.Input is { ValueKind: JsonValueKind.Array } input
            ? input.EnumerateArray().Select(item => JsonObject.Create(item)!)
            : [Message(started.Question)];
        return [.. given.Select((item, index) => Complete(item, ResponseIds.Input(runId, index)))];
    }

    private static JsonObject Message(string text) => new() { ["type"] = "message", ["role"] = "user", ["content"] = text };

    private static JsonObject Complete(JsonObject item, string id)
    {
        var type = item["type"]?.GetValue<string>() ?? "message";
        var complete = new JsonObject { ["id"] = id, ["type"] = type, ["status"] = "completed" };
        foreach (var (name, value) in item.Where(member => !complete.ContainsKey(member.Key)))
        {
            complete[name] = name == "content" && value is JsonValue text ? Content(item, text.GetValue<string>()) : value?.DeepClone();
        }

        return complete;
    }

    private static JsonArray Content(JsonObject item, string text) => item["role"]?.GetValue<string>() == "assistant"
        ? [new JsonObject { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray() }]
        : [new JsonObject { ["type"] = "input_text", ["text"] = text }];
}
