using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.OpenAI.Chat;

/// <summary>Reads <c>tools</c> and <c>tool_choice</c>: functions at the caller's, and which of them the first reply shall call.</summary>
internal static partial class ChatTools
{
    private const int MaxTools = 128;
    private const int MaxDescription = 4_096;

    private static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{}}""");

    public static bool IsName(string name) => NameRegex().IsMatch(name);

    /// <param name="functionOf">What of a tool is the function: chat completions nest it, responses do not.</param>
    public static OrProblem<List<ClientTool>> Read(JsonElement? value, Func<JsonElement, JsonElement?> functionOf)
    {
        if (value is null)
        {
            return new List<ClientTool>();
        }

        if (value is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() > MaxTools)
        {
            return Problem.Invalid("tools", $"'tools' must be a list of at most {MaxTools} tools.");
        }

        var tools = new List<ClientTool>();
        foreach (var (index, tool) in list.EnumerateArray().Index())
        {
            var place = $"tools[{index}]";
            var type = tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("type", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
            if (type != "function")
            {
                return Problem.Invalid(
                    $"{place}.type", $"'{place}.type' is '{Words.Short(type ?? "")}' here. Only tools of the type function, which you run yourself, can be brought; others are given to the agent in its file.");
            }

            if (functionOf(tool) is not { } function || Function(function) is not { } read)
            {
                return Problem.Invalid(place, $"'{place}' must be a function with a name of 1 to 64 of A–Z a–z 0–9 _ -, a description and an object of parameters.");
            }

            if (tools.Exists(known => known.Name == read.Name))
            {
                return Problem.Invalid(place, $"'tools' names '{read.Name}' twice.");
            }

            tools.Add(read);
        }

        return tools;
    }

    /// <summary>Which tool the first reply shall call, in the words of <see cref="CallerContext.ToolChoice"/>.</summary>
    public static ProblemHttpResult? Choice(JsonElement? value, IReadOnlyList<ClientTool> tools, Func<JsonElement, JsonElement?> functionOf, out string? choice)
    {
        choice = null;
        if (value is not { } asked)
        {
            return null;
        }

        choice = asked.ValueKind == JsonValueKind.String ? asked.GetString()
            : asked.ValueKind == JsonValueKind.Object && functionOf(asked) is { ValueKind: JsonValueKind.Object } function
                && function.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? CallerContext.NamedTool + name.GetString()
            : "";
        var chosen = choice!;
        return chosen is "auto" or "none" || (chosen == "required" && tools.Count > 0)
            || (chosen.StartsWith(CallerContext.NamedTool, StringComparison.Ordinal) && tools.Any(tool => CallerContext.NamedTool + tool.Name == chosen))
                ? null
                : Problem.Invalid("tool_choice", "'tool_choice' must be auto or none, or, with 'tools', required or one of them by name.");
    }

    private static ClientTool? Function(JsonElement function)
    {
        if (function.ValueKind != JsonValueKind.Object
            || !function.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String || !IsName(name.GetString()!))
        {
            return null;
        }

        var description = function.TryGetProperty("description", out var words) && words.ValueKind == JsonValueKind.String ? words.GetString()! : "";
        var parameters = function.TryGetProperty("parameters", out var schema) && schema.ValueKind != JsonValueKind.Null ? schema : NoParameters;
        return description.Length <= MaxDescription && !description.Contains('\0') && parameters.ValueKind == JsonValueKind.Object
            ? new ClientTool(name.GetString()!, description, parameters.Clone())
            : null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex NameRegex();
}
