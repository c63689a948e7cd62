using System.Globalization;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>
/// A result as text. Structured content comes as its JSON, once: servers send the same again as text. Of what is no text a model
/// is told that it is there.
/// </summary>
internal static class McpResultText
{
    public static string Of(CallToolResult result)
    {
        var parts = result.Content.Select(Of).ToList();
        if (result.StructuredContent is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } structured)
        {
            parts.RemoveAll(part => IsSame(part, structured));
            parts.Add(structured.GetRawText());
        }

        return parts.Count == 0 ? "Done." : string.Join("\n", parts);
    }

    private static string Of(ContentBlock block) => block switch
    {
        TextContentBlock text => text.Text,
        ImageContentBlock image => Unseen("An image", image.MimeType, image.DecodedData.Length),
        AudioContentBlock audio => Unseen("A sound", audio.MimeType, audio.DecodedData.Length),
        EmbeddedResourceBlock { Resource: TextResourceContents resource } => resource.Text,
        EmbeddedResourceBlock { Resource: BlobResourceContents blob } => Unseen("A resource", blob.MimeType, blob.DecodedData.Length),
        ResourceLinkBlock link => $"[A resource, not read: {link.Title ?? link.Name} at {link.Uri}]",
        _ => $"[A part of the kind '{block.Type}', not shown]",
    };

    private static string Unseen(string what, string? type, int bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"[{what} of type {type ?? "unknown"}, {bytes} bytes, not shown]");

    private static bool IsSame(string text, JsonElement structured)
    {
        try
        {
            return text.AsSpan().TrimStart() is ['{' or '[', ..] && JsonElement.DeepEquals(JsonElement.Parse(text), structured);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
