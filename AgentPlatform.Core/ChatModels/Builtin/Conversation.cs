using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>What the built-in model reads out of the messages.</summary>
internal sealed class Conversation
{
    private readonly List<string> _userTexts = [];
    private readonly List<ToolExchange> _exchanges = [];

    /// <summary>The last thing the user said.</summary>
    public string Question => _userTexts.Count == 0 ? "" : _userTexts[^1];

    public bool IsChinese { get; private init; }

    /// <summary>Everything the user said, oldest first.</summary>
    public IReadOnlyList<string> UserTexts => _userTexts;

    /// <summary>Tool calls since the last question, with their results.</summary>
    public IReadOnlyList<ToolExchange> Exchanges => _exchanges;

    /// <summary>Tool calls in all messages: the next call's id counts on from here.</summary>
    public int Calls { get; private set; }

    /// <summary>Length of all messages in the built-in model's own tokens.</summary>
    public long Tokens { get; private set; }

    public static Conversation Read(IEnumerable<ChatMessage> messages)
    {
        var all = messages as IReadOnlyCollection<ChatMessage> ?? [.. messages];
        var last = all.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "";
        var conversation = new Conversation { IsChinese = Words.HasChinese(last) };
        var open = new Dictionary<string, FunctionCallContent>(StringComparer.Ordinal);
        foreach (var message in all)
        {
            if (message.Role == ChatRole.User)
            {
                conversation._userTexts.Add(message.Text);
                conversation._exchanges.Clear();
            }

            foreach (var content in message.Contents)
            {
                conversation.Read(content, open);
            }
        }

        return conversation;
    }

    private void Read(AIContent content, Dictionary<string, FunctionCallContent> open)
    {
        switch (content)
        {
            case TextContent text:
                Tokens += Words.Count(text.Text);
                break;
            case FunctionCallContent call:
                Calls++;
                Tokens++;
                open[call.CallId] = call;
                break;
            case FunctionResultContent result when open.Remove(result.CallId, out var call):
                var read = ToolResult.Read(result);
                Tokens += Words.Count(read.Text);
                _exchanges.Add(new ToolExchange(call.Name, Plain(call.Arguments), read));
                break;
        }
    }

    private static Dictionary<string, object?> Plain(IDictionary<string, object?>? arguments) =>
        arguments?.ToDictionary(pair => pair.Key, pair => pair.Value is JsonElement { ValueKind: JsonValueKind.String } text ? text.GetString() : pair.Value)
        ?? [];
}
