using System.Text;
using System.Text.Json;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.OpenAI.Chat;

/// <summary>
/// Reads <c>messages</c>. What endpoints of models would refuse later is refused here, by its place: a result that belongs to no call, a call without its result,
/// a conversation that does not end with something to answer.
/// </summary>
internal sealed class ChatMessages
{
    public const string Name = "messages";

    private const int MaxMessages = 2_000;

    private readonly List<BroughtMessage> _messages = [];
    private readonly HashSet<string> _unanswered = new(StringComparer.Ordinal);

    private ChatMessages()
    {
    }

    public static OrProblem<List<BroughtMessage>> Read(JsonElement? value)
    {
        if (value is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is 0 or > MaxMessages)
        {
            return Problem.Invalid(Name, $"'{Name}' must be a list of 1 to {MaxMessages} messages, such as [{{\"role\":\"user\",\"content\":\"What is 17% of 2340?\"}}].");
        }

        var reader = new ChatMessages();
        foreach (var (index, message) in list.EnumerateArray().Index())
        {
            if (reader.Add(message, $"{Name}[{index}]") is { } broken)
            {
                return broken;
            }
        }

        var messages = reader._messages;
        if (reader._unanswered.Count > 0)
        {
            return Missing(reader._unanswered);
        }

        return messages[^1].Role is not (BroughtRole.User or BroughtRole.Tool)
            ? Problem.Invalid(Name, $"The last of '{Name}' must be of the role user or tool: there is nothing to answer otherwise.")
            : messages.All(message => message.Role != BroughtRole.User)
                ? Problem.Invalid(Name, $"'{Name}' holds no message of the role user.")
                : messages;
    }

    private ProblemHttpResult? Add(JsonElement message, string place)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            return Problem.Invalid(place, $"'{place}' must be an object with a role and content.");
        }

        var role = message.TryGetProperty("role", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        if (role != "tool" && _unanswered.Count > 0)
        {
            return Missing(_unanswered);
        }

        return role switch
        {
            "system" or "developer" => AddText(message, place, BroughtRole.System),
            "user" => AddText(message, place, BroughtRole.User),
            "assistant" => AddAssistant(message, place),
            "tool" => AddResult(message, place),
            _ => Problem.Invalid($"{place}.role", $"'{place}.role' must be one of system, developer, user, assistant, tool."),
        };
    }

    private ProblemHttpResult? AddText(JsonElement message, string place, BroughtRole role)
    {
        if (Content(message, place, isOptional: false) is var (text, broken) && broken is not null)
        {
            return broken;
        }

        if (role == BroughtRole.User && string.IsNullOrWhiteSpace(text))
        {
            return Problem.Invalid($"{place}.content", $"'{place}.content' is blank. Write what the agent shall answer.");
        }

        _messages.Add(new BroughtMessage { Role = role, Text = text! });
        return null;
    }

    private ProblemHttpResult? AddAssistant(JsonElement message, string place)
    {
        if (Content(message, place, isOptional: true) is var (text, broken) && broken is not null)
        {
            return broken;
        }

        List<ToolCall>? calls = null;
        if (message.TryGetProperty("tool_calls", out var list) && list.ValueKind != JsonValueKind.Null)
        {
            if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            {
                return Problem.Invalid($"{place}.tool_calls", $"'{place}.tool_calls' must be a list of calls, or be left out.");
            }

            calls = [];
            foreach (var (index, call) in list.EnumerateArray().Index())
            {
                if (Call(call) is not { } read || !_unanswered.Add(read.CallId))
                {
                    return Problem.Invalid(
                        $"{place}.tool_calls[{index}]", $"'{place}.tool_calls[{index}]' must be a call as it was given: an id of its own, type function, and function with name and arguments.");
                }

                calls.Add(read);
            }
        }

        _messages.Add(new BroughtMessage { Role = BroughtRole.Assistant, Text = text ?? "", ToolCalls = calls });
        return null;
    }

    private ProblemHttpResult? AddResult(JsonElement message, string place)
    {
        if (Content(message, place, isOptional: false) is var (text, broken) && broken is not null)
        {
            return broken;
        }

        if (!message.TryGetProperty("tool_call_id", out var id) || id.ValueKind != JsonValueKind.String || !_unanswered.Remove(id.GetString()!))
        {
            return Problem.Invalid(
                $"{place}.tool_call_id", $"'{place}.tool_call_id' must be the id of a call of the assistant's message before it that has no result yet.");
        }

        _messages.Add(new BroughtMessage { Role = BroughtRole.Tool, Text = text!, CallId = id.GetString() });
        return null;
    }

    /// <summary>A text, or a list of parts that are texts.</summary>
    private static (string? Text, ProblemHttpResult? Broken) Content(JsonElement message, string place, bool isOptional)
    {
        var name = $"{place}.content";
        if (!message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null)
        {
            return isOptional ? ("", null) : (null, Problem.Invalid(name, $"'{name}' is missing."));
        }

        var text = new StringBuilder();
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                text.Append(content.GetString());
                break;
            case JsonValueKind.Array:
                foreach (var (index, part) in content.EnumerateArray().Index())
                {
                    if (!IsText(part, out var piece))
                    {
                        return (null, NoText(part, $"{name}[{index}]"));
                    }

                    text.Append(piece);
                }

                break;
            default:
                return (null, Problem.Invalid(name, $"'{name}' must be a text or a list of parts."));
        }

        return (text.ToString(), Checks.Storable(name, text.ToString()));
    }

    private static bool IsText(JsonElement part, out string? text)
    {
        text = part.ValueKind == JsonValueKind.Object && part.TryGetProperty("type", out var type) && type.ValueEquals("text")
            && part.TryGetProperty("text", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is not null;
    }

    private static ProblemHttpResult NoText(JsonElement part, string place)
    {
        var type = part.ValueKind == JsonValueKind.Object && part.TryGetProperty("type", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        return type is "image_url" or "input_audio" or "file"
            ? Problem.Invalid(place, $"'{place}' is of the type {type}: agents here take text alone. Describe it in words, or leave it out.")
            : Problem.Invalid(place, $"'{place}' must be a part of the type text with its text.");
    }

    private static ToolCall? Call(JsonElement call) =>
        call.ValueKind == JsonValueKind.Object
        && call.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String && Checks.CallId(id.GetString()!) is null
        && call.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
        && function.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && ChatTools.IsName(name.GetString()!)
        && function.TryGetProperty("arguments", out var arguments) && arguments.ValueKind == JsonValueKind.String && !arguments.GetString()!.Contains('\0')
            ? new ToolCall(id.GetString()!, name.GetString()!, arguments.GetString()!)
            : null;

    private static ProblemHttpResult Missing(IEnumerable<string> calls) => Problem.Invalid(
        Name, $"An assistant's message with 'tool_calls' must be followed by the result of each call. Without one: {string.Join(", ", calls.Take(5).Select(Words.Short))}.");
}
