using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>Reads <c>text</c>: the form of the answer.</summary>
internal static class ResponseText
{
    private const string Name = "text.format";

    private static readonly JsonElement AnyObject = JsonElement.Parse("""{"type":"object"}""");

    /// <param name="schema">Of the answer; null for any text.</param>
    public static ProblemHttpResult? Schema(JsonElement? text, out JsonElement? schema)
    {
        schema = null;
        if (text is not { } asked || !asked.TryGetProperty("format", out var format) || format.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        switch (format.ValueKind == JsonValueKind.Object && format.TryGetProperty("type", out var type) ? type.ToString() : null)
        {
            case "text":
                return null;
            case "json_object":
                schema = AnyObject;
                return null;
            case "json_schema" when format.TryGetProperty("schema", out var given) && given.ValueKind == JsonValueKind.Object:
                schema = given;
                return null;
            default:
                return RequestMembers.Wrong(Name, $"'{Name}' must be of the type text, json_object, or json_schema with a schema.");
        }
    }
}
