using System.Text;
using System.Text.Json;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>What a response is asked with: the person's words, and what was said before them in the same request.</summary>
/// <param name="Items">As they came; null for a plain text.</param>
internal sealed record ResponseInput(string Question, IReadOnlyList<InputMessage> Earlier, JsonElement? Items)
{
    private const string Name = "input";
    private const string User = "user";

    private static readonly string[] Roles = [User, "assistant", "system", "developer"];

    public static OrProblem<ResponseInput> Read(JsonElement? input) => input switch
    {
        null => Wrong(Name, "'input' is missing. Send a text, or a list of items."),
        { ValueKind: JsonValueKind.String } text => Unanswerable(Name, text.GetString()!) is { } broken ? broken : new ResponseInput(text.GetString()!, [], null),
        { ValueKind: JsonValueKind.Array } items => Read(items),
        _ => Wrong(Name, "'input' must be a text, or a list of items."),
    };

    private static OrProblem<ResponseInput> Read(JsonElement items)
    {
        var messages = new List<InputMessage>();
        foreach (var (index, item) in items.EnumerateArray().Index())
        {
            var place = $"{Name}[{index}]";
            var message = Message(place, item);
            if (!message.IsGood)
            {
                return message.Problem;
            }

            messages.Add(message.Value);
        }

        if (messages is not [.., { Role: User } last])
        {
            return Wrong(Name, "'input' must end with a message of the user: that is what the agent answers.");
        }

        return Unanswerable(Name, last.Text) is { } broken ? broken : new ResponseInput(last.Text, messages[..^1], items);
    }

    private static OrProblem<InputMessage> Message(string place, JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return Wrong(place, $"'{place}' must be an object.");
        }

        if (Text(item, "type") is { } type and not "message")
        {
            return Wrong($"{place}.type", $"Items of type '{Words.Short(type)}' are not supported here. Send messages.");
        }

        if (Text(item, "role") is not { } role || !Roles.Contains(role))
        {
            return Wrong($"{place}.role", $"'{place}.role' must be one of {string.Join(", ", Roles)}.");
        }

        if (!item.TryGetProperty("content", out var content) || content.ValueKind is not (JsonValueKind.String or JsonValueKind.Array))
        {
            return Wrong($"{place}.content", $"'{place}.content' must be a text, or a list of parts.");
        }

        var text = content.ValueKind == JsonValueKind.String ? content.GetString()! : Parts($"{place}.content", content);
        return text.IsGood ? new InputMessage(role, text.Value) : text.Problem;
    }

    private static OrProblem<string> Parts(string place, JsonElement parts)
    {
        var text = new StringBuilder();
        foreach (var (index, part) in parts.EnumerateArray().Index())
        {
            if (part.ValueKind != JsonValueKind.Object || Text(part, "type") is not ("input_text" or "output_text") || Text(part, "text") is not { } words)
            {
                var type = part.ValueKind == JsonValueKind.Object ? Text(part, "type") : null;
                return Wrong($"{place}[{index}]", $"'{place}[{index}]' is of type '{Words.Short(type ?? "")}': agents read text, so send parts of type 'input_text'.");
            }

            text.Append(text.Length > 0 ? "\n" : "").Append(words);
        }

        return text.ToString();
    }

    private static ProblemHttpResult? Unanswerable(string place, string text) =>
        string.IsNullOrWhiteSpace(text) ? Wrong(place, $"'{place}' is blank. Write what the agent shall answer.")
        : CodePoints.Count(text) > QuestionBody.MaxQuestion ? Wrong(place, $"'{place}' ends with {CodePoints.Count(text)} characters. At most {QuestionBody.MaxQuestion} are read: shorten it.")
        : Checks.Storable(place, text);

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ProblemHttpResult Wrong(string name, string detail) => RequestMembers.Wrong(name, detail);
}

/// <summary>One message of a request.</summary>
/// <param name="Role"><c>user</c>, <c>assistant</c>, <c>system</c> or <c>developer</c>.</param>
internal sealed record InputMessage(string Role, string Text);
