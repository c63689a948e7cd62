using System.Text;
using System.Text.Json;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.OpenAI.Chat;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>What a response is asked with: the person's last words, and all that came in the same request.</summary>
/// <param name="Messages">In order; the last is of the user, or the result of a call.</param>
/// <param name="Items">As they came; null for a plain text.</param>
internal sealed record ResponseInput(string Question, IReadOnlyList<BroughtMessage> Messages, JsonElement? Items)
{
    public const string Name = "input";

    // What the run is called by where nobody said anything: results of calls alone.
    private const string ResultsAlone = "(results of calls)";
    private const int MaxItems = 2_000;

    public static OrProblem<ResponseInput> Read(JsonElement? input) => input switch
    {
        null => Wrong(Name, "'input' is missing. Send a text, or a list of items."),
        { ValueKind: JsonValueKind.String } text => Unanswerable(text.GetString()!) is { } broken
            ? broken
            : new ResponseInput(text.GetString()!, [new BroughtMessage { Role = BroughtRole.User, Text = text.GetString()! }], null),
        { ValueKind: JsonValueKind.Array } items when items.GetArrayLength() is > 0 and <= MaxItems => Read(items),
        _ => Wrong(Name, $"'input' must be a text, or a list of 1 to {MaxItems} items."),
    };

    private static OrProblem<ResponseInput> Read(JsonElement items)
    {
        var messages = new List<BroughtMessage>();
        foreach (var (index, item) in items.EnumerateArray().Index())
        {
            if (Add(messages, item, $"{Name}[{index}]") is { } broken)
            {
                return broken;
            }
        }

        if (messages is not [.., { Role: BroughtRole.User or BroughtRole.Tool } last])
        {
            return Wrong(Name, "'input' must end with a message of the user or the result of a call: there is nothing to answer otherwise.");
        }

        var question = last.Role == BroughtRole.User ? last.Text : messages.FindLast(message => message.Role == BroughtRole.User)?.Text ?? ResultsAlone;
        return Unanswerable(question) is { } unanswerable ? unanswerable : new ResponseInput(question, messages, items);
    }

    private static ProblemHttpResult? Add(List<BroughtMessage> messages, JsonElement item, string place)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return Wrong(place, $"'{place}' must be an object.");
        }

        switch (Text(item, "type") ?? "message")
        {
            case "message":
                var message = Message(place, item);
                messages.AddRange(message.Value is { } read ? [read] : []);
                return message.Problem;
            case "function_call" when Call(item) is { } call:
                // Calls of one reply stand one after the other, behind its text.
                if (messages is [.., { Role: BroughtRole.Assistant } reply])
                {
                    messages[^1] = reply with { ToolCalls = [.. reply.ToolCalls ?? [], call] };
                }
                else
                {
                    messages.Add(new BroughtMessage { Role = BroughtRole.Assistant, ToolCalls = [call] });
                }

                return null;
            case "function_call_output" when Text(item, "call_id") is { } callId && Checks.CallId(callId) is null && item.TryGetProperty("output", out var output):
                var result = Words($"{place}.output", output);
                messages.AddRange(result.Value is { } text ? [new BroughtMessage { Role = BroughtRole.Tool, CallId = callId, Text = text }] : []);
                return result.Problem;
            case "reasoning":
                // Clients send it back as they got it from elsewhere; agents make nothing of it.
                return null;
            case var type:
                return Wrong($"{place}.type", $"'{place}' of the type '{Input.Words.Short(type)}' is not understood. Send messages, and calls with their results.");
        }
    }

    private static OrProblem<BroughtMessage> Message(string place, JsonElement item)
    {
        BroughtRole? role = Text(item, "role") switch
        {
            "user" => BroughtRole.User,
            "assistant" => BroughtRole.Assistant,
            "system" or "developer" => BroughtRole.System,
            _ => null,
        };
        if (role is null)
        {
            return Wrong($"{place}.role", $"'{place}.role' must be one of user, assistant, system, developer.");
        }

        var text = item.TryGetProperty("content", out var content) ? Words($"{place}.content", content) : Wrong($"{place}.content", $"'{place}.content' is missing.");
        return text.IsGood ? new BroughtMessage { Role = role.Value, Text = text.Value } : text.Problem;
    }

    /// <summary>A text, or a list of parts that are texts.</summary>
    private static OrProblem<string> Words(string place, JsonElement content)
    {
        if (content.ValueKind is not (JsonValueKind.String or JsonValueKind.Array))
        {
            return Wrong(place, $"'{place}' must be a text, or a list of parts.");
        }

        var text = new StringBuilder(content.ValueKind == JsonValueKind.String ? content.GetString() : "");
        foreach (var (index, part) in content.ValueKind == JsonValueKind.Array ? content.EnumerateArray().Index() : [])
        {
            var type = part.ValueKind == JsonValueKind.Object ? Text(part, "type") : null;
            if (type is not ("input_text" or "output_text") || Text(part, "text") is not { } words)
            {
                return Wrong($"{place}[{index}]", $"'{place}[{index}]' is of the type '{Input.Words.Short(type ?? "")}': agents take text alone, in parts of the type input_text.");
            }

            text.Append(words);
        }

        return Checks.Storable(place, text.ToString()) is { } broken ? broken : text.ToString();
    }

    private static ToolCall? Call(JsonElement item) =>
        Text(item, "call_id") is { } callId && Checks.CallId(callId) is null && Text(item, "name") is { } name && ChatTools.IsName(name)
        && Text(item, "arguments") is { } arguments && !arguments.Contains('\0')
            ? new ToolCall(callId, name, arguments)
            : null;

    private static ProblemHttpResult? Unanswerable(string text) =>
        string.IsNullOrWhiteSpace(text) ? Wrong(Name, "'input' is blank. Write what the agent shall answer.")
        : CodePoints.Count(text) > QuestionBody.MaxQuestion ? Wrong(Name, $"The last words of the user have more than {QuestionBody.MaxQuestion} characters. Shorten them.")
        : Checks.Storable(Name, text);

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ProblemHttpResult Wrong(string name, string detail) => RequestMembers.Wrong(name, detail);
}
