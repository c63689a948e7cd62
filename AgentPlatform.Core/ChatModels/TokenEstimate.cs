using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Core.ChatModels;

/// <summary>
/// Tokens guessed from characters, for endpoints that do not report usage: four characters make a token, a Chinese, Japanese or
/// Korean character is one by itself.
/// </summary>
internal static class TokenEstimate
{
    private const int CharactersPerToken = 4;

    public static long OfRequest(IEnumerable<ChatMessage> messages, ChatOptions options) =>
        messages.Sum(message => message.Contents.Sum(Of)) + (options.Tools?.Sum(Of) ?? 0);

    public static long OfReply(string text, IEnumerable<ModelToolCall> calls) =>
        Of(text) + calls.Sum(call => Of(call.Name) + Of(call.ArgumentsJson));

    public static long Of(string? text)
    {
        long wide = 0, narrow = 0;
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (IsWide(rune))
            {
                wide++;
            }
            else
            {
                narrow++;
            }
        }

        return wide + ((narrow + CharactersPerToken - 1) / CharactersPerToken);
    }

    private static long Of(AIContent content) => content switch
    {
        TextContent text => Of(text.Text),
        FunctionCallContent call => Of(call.Name) + Of(ModelToolCall.Write(call.Arguments)),
        FunctionResultContent result => Of(result.Result as string ?? JsonSerializer.Serialize(result.Result, AIJsonUtilities.DefaultOptions)),
        _ => 0,
    };

    private static long Of(AITool tool) =>
        Of(tool.Name) + Of(tool.Description) + (tool is AIFunctionDeclaration function ? Of(function.JsonSchema.GetRawText()) : 0);

    /// <summary>Kana, Han, Hangul and their full-width forms.</summary>
    private static bool IsWide(Rune rune) => rune.Value is
        (>= 0x1100 and <= 0x11FF) or (>= 0x2E80 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7AF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0xFF00 and <= 0xFFEF) or (>= 0x20000 and <= 0x3FFFF);
}
