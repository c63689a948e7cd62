using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>A tool's result.</summary>
/// <param name="Text">The telling part of it, at most some hundred characters.</param>
/// <param name="Raw">All of it.</param>
/// <param name="Failed">It says by itself that it is an error.</param>
internal sealed record ToolResult(string Text, string Raw, bool Failed)
{
    private const int LongestText = 600;
    private static readonly string[] TellingNames = ["result", "value", "answer", "text", "content", "time", "now", "iso"];

    public static ToolResult Read(FunctionResultContent content)
    {
        var raw = UntrustedText.Unwrap(content.Result switch
        {
            null => "",
            string text => text,
            JsonElement { ValueKind: JsonValueKind.String } element => element.GetString()!,
            var other => JsonSerializer.Serialize(other, AIJsonUtilities.DefaultOptions),
        });
        var failed = content.Exception is not null || raw.StartsWith("error", StringComparison.OrdinalIgnoreCase) || raw.StartsWith("错误", StringComparison.Ordinal);
        return raw.TrimStart().StartsWith('{') ? ReadObject(raw, failed) : new ToolResult(Shorten(raw.Trim()), raw, failed);
    }

    private static ToolResult ReadObject(string raw, bool failed)
    {
        try
        {
            using var document = JsonDocument.Parse(raw);
            if (document.RootElement.TryGetProperty("error", out var error) && error.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
            {
                return new ToolResult(Shorten(Readable(error)), raw, Failed: true);
            }

            foreach (var name in TellingNames)
            {
                if (document.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
                {
                    return new ToolResult(Shorten(Readable(value)), raw, failed);
                }
            }
        }
        catch (JsonException)
        {
            // Not JSON after all: the text itself is the result.
        }

        return new ToolResult(Shorten(raw.Trim()), raw, failed);
    }

    private static string Readable(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Object when element.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String => message.GetString()!,
        _ => element.GetRawText(),
    };

    private static string Shorten(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";
}
