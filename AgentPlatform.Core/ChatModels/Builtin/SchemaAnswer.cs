using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>Puts an answer into the shape of a response schema: simple objects of text, numbers and booleans.</summary>
internal static partial class SchemaAnswer
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(JsonElement schema, string text, Conversation conversation)
    {
        var result = conversation.Exchanges.LastOrDefault(exchange => !exchange.Result.Failed);
        var number = Number(result?.Result.Text);
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
        {
            return JsonSerializer.Serialize(TypeOf(schema) is "number" or "integer" ? number ?? 0 : (object)text, Readable);
        }

        var answer = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in properties.EnumerateObject())
        {
            answer[property.Name] = TypeOf(property.Value) switch
            {
                "number" => number ?? Plainest(property.Value),
                "integer" => number is { } whole ? decimal.Round(whole) : Plainest(property.Value),
                "boolean" => result is not null,
                "string" when property.Value.TryGetProperty("enum", out _) => Plainest(property.Value),
                "string" when property.Name is "expression" or "query" or "url" => result is null ? "" : ArithmeticSkill.Expression(result),
                "string" => text,
                _ => Plainest(property.Value),
            };
        }

        return JsonSerializer.Serialize(answer, Readable);
    }

    /// <summary>The plainest value that a schema allows: its default or first choice, null if that may be, else empty or zero.</summary>
    public static object? Plainest(JsonElement schema)
    {
        if (schema.ValueKind == JsonValueKind.Object)
        {
            if (schema.TryGetProperty("default", out var standard))
            {
                return standard.Clone();
            }

            if (schema.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0)
            {
                return choices[0].Clone();
            }

            if (schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.Array && type.EnumerateArray().Any(item => item.ValueEquals("null")))
            {
                return null;
            }
        }

        return TypeOf(schema) switch
        {
            "number" or "integer" => 0,
            "boolean" => false,
            "array" => Array.Empty<object>(),
            "object" => new Dictionary<string, object?>(),
            _ => "",
        };
    }

    /// <summary>The type that a schema names; the first one that is not null when it names several.</summary>
    public static string? TypeOf(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type))
        {
            return null;
        }

        return type.ValueKind switch
        {
            JsonValueKind.String => type.GetString(),
            JsonValueKind.Array => type.EnumerateArray().Select(item => item.GetString()).FirstOrDefault(name => name != "null"),
            _ => null,
        };
    }

    private static decimal? Number(string? text)
    {
        var match = FirstNumber().Match(text ?? "");
        return match.Success && decimal.TryParse(match.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    [GeneratedRegex(@"-?\d+(\.\d+)?([eE][+-]?\d+)?", RegexOptions.CultureInvariant)]
    private static partial Regex FirstNumber();
}
