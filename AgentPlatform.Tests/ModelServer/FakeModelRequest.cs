using System.Text.Json;
using AgentPlatform.Core.ChatModels;

namespace AgentPlatform.Tests.ModelServer;

/// <summary>A request as the server got it.</summary>
public sealed class FakeModelRequest(int number, string path, IReadOnlyDictionary<string, string> headers, JsonElement body, DateTimeOffset receivedAt)
{
    private static readonly JsonElement NoMessages = JsonSerializer.SerializeToElement(Array.Empty<object>());

    /// <summary>Counts from 1 over all chat completions of the server.</summary>
    public int Number { get; } = number;

    public string Path { get; } = path;

    public IReadOnlyDictionary<string, string> Headers { get; } = headers;

    public JsonElement Body { get; } = body;

    public DateTimeOffset ReceivedAt { get; } = receivedAt;

    public JsonElement Messages => Body.TryGetProperty("messages", out var messages) ? messages : NoMessages;

    public bool Stream => Body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;

    public bool WantsStreamUsage =>
        Body.TryGetProperty("stream_options", out var options) && options.TryGetProperty("include_usage", out var usage) && usage.ValueKind == JsonValueKind.True;

    public bool WantsSchema =>
        Body.TryGetProperty("response_format", out var format) && format.TryGetProperty("type", out var type) && type.ValueEquals("json_schema");

    public string LastUserText => Messages.EnumerateArray().Where(message => Role(message) == "user").Select(Text).LastOrDefault("");

    public string LastRole => Messages.EnumerateArray().Select(Role).LastOrDefault("");

    /// <summary>Text of the newest tool result without what marks it as data, null when none came after the question.</summary>
    public string? LastToolResult => SinceQuestion().Where(message => Role(message) == "tool").Select(message => UntrustedText.Unwrap(Text(message))).LastOrDefault();

    /// <summary>How often the assistant has called tools since the last user message.</summary>
    public int RoundsSinceQuestion => SinceQuestion().Count(message => Role(message) == "assistant" && message.TryGetProperty("tool_calls", out _));

    public IEnumerable<JsonElement> Tools => Body.TryGetProperty("tools", out var tools) ? tools.EnumerateArray().Select(tool => tool.GetProperty("function")) : [];

    public bool Offers(string tool) => Tools.Any(function => function.GetProperty("name").ValueEquals(tool));

    private IEnumerable<JsonElement> SinceQuestion() => Messages.EnumerateArray().Reverse().TakeWhile(message => Role(message) != "user").Reverse();

    private static string Role(JsonElement message) => message.GetProperty("role").GetString()!;

    private static string Text(JsonElement message) => !message.TryGetProperty("content", out var content) ? "" : content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Concat(content.EnumerateArray().Where(part => part.TryGetProperty("text", out _)).Select(part => part.GetProperty("text").GetString())),
        _ => "",
    };
}
