using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>What a model was given, as text.</summary>
internal static class SeenTranscript
{
    public static string Render(IReadOnlyList<ChatMessage> messages) => string.Join('\n', messages.Select(Render));

    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

    /// <summary>Replies of the assistant after the question.</summary>
    public static int Rounds(IReadOnlyList<ChatMessage> messages) =>
        messages.Reverse().TakeWhile(message => message.Role != ChatRole.User).Count(message => message.Role == ChatRole.Assistant);

    /// <summary>Each call has exactly one result, its own, directly after it, in order; no id is used twice.</summary>
    public static bool IsPaired(IReadOnlyList<ChatMessage> messages)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < messages.Count; i++)
        {
            var calls = messages[i].Contents.OfType<FunctionCallContent>().Select(call => call.CallId).ToList();
            var results = messages.Skip(i + 1).TakeWhile(message => message.Role == ChatRole.Tool)
                .SelectMany(message => message.Contents.OfType<FunctionResultContent>()).Select(result => result.CallId).ToList();
            if (messages[i].Role == ChatRole.Assistant && (!calls.SequenceEqual(results) || !calls.TrueForAll(ids.Add)))
            {
                return false;
            }
        }

        return messages.SelectMany(message => message.Contents.OfType<FunctionResultContent>()).All(result => ids.Contains(result.CallId) && IsOwn(result));
    }

    private static bool IsOwn(FunctionResultContent result) =>
        result.Result is not string text
        || !text.Contains(CountingTools.ResultOf, StringComparison.Ordinal)
        || text.EndsWith($"{CountingTools.ResultOf}{result.CallId}", StringComparison.Ordinal);

    private static string Render(ChatMessage message) =>
        $"{message.Role}: {string.Join(" | ", message.Contents.Select(Render))}";

    private static string Render(AIContent content) => content switch
    {
        TextContent text => text.Text,
        FunctionCallContent call => $"{call.Name}#{call.CallId} {JsonSerializer.Serialize(call.Arguments)}",
        FunctionResultContent result => $"#{result.CallId} = {result.Result}",
        _ => content.GetType().Name,
    };
}
