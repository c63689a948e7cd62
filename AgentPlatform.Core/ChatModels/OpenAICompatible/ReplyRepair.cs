using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentPlatform.Core.ChatModels.OpenAICompatible;

/// <summary>Repairs what a chat completion lacks for the OpenAI SDK; see <see cref="ReplyRepairHandler"/>.</summary>
internal static class ReplyRepair
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] KnownFinishReasons = ["stop", "length", "tool_calls", "function_call", "content_filter"];

    /// <summary>The repaired body, or null when it needs no repair or is no JSON at all.</summary>
    public static byte[]? TryRepair(byte[] body)
    {
        if (!IsSuspect(body))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(body) is JsonObject completion && completion["choices"] is JsonArray choices && Repair(choices)
                ? JsonSerializer.SerializeToUtf8Bytes(completion)
                : null;
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException or InvalidOperationException)
        {
            // Broken or contradictory JSON is for the SDK to refuse.
            return null;
        }
    }

    private static bool IsSuspect(ReadOnlySpan<byte> body) =>
        body.IndexOf("\"choices\""u8) >= 0
        && (body.IndexOf("\"tool_calls\":"u8) >= 0 || (body.IndexOf("\"finish_reason\":\"stop\""u8) < 0 && body.IndexOf("\"finish_reason\": \"stop\""u8) < 0));

    private static bool Repair(JsonArray choices)
    {
        var changed = false;
        foreach (var choice in choices.OfType<JsonObject>())
        {
            var calls = choice["message"] is JsonObject message ? message["tool_calls"] as JsonArray : null;
            foreach (var call in calls?.OfType<JsonObject>() ?? [])
            {
                changed |= RepairCall(call);
            }

            if (Text(choice["finish_reason"]) is not { } reason || !KnownFinishReasons.Contains(reason))
            {
                choice["finish_reason"] = calls is { Count: > 0 } ? "tool_calls" : "stop";
                changed = true;
            }
        }

        return changed;
    }

    private static bool RepairCall(JsonObject call)
    {
        var changed = false;
        if (Text(call["id"]) is null)
        {
            // An empty id is what the caller replaces by a unique one.
            call["id"] = "";
            changed = true;
        }

        if (Text(call["type"]) is null)
        {
            call["type"] = "function";
            changed = true;
        }

        if (call["function"] is JsonObject function && Text(function["arguments"]) is null)
        {
            function["arguments"] = function["arguments"]?.ToJsonString(Readable) ?? "{}";
            changed = true;
        }

        return changed;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
