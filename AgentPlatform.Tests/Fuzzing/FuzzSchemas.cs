using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentPlatform.Tests.Fuzzing;

/// <summary>Makes values that a JSON schema allows, small ones: what is wrong is made of them afterwards.</summary>
internal sealed class FuzzSchemas(JsonElement document)
{
    private const int Deepest = 5;

    public JsonNode? Good(JsonElement schema, Random random, int depth)
    {
        schema = Resolve(schema);
        if (schema.ValueKind != JsonValueKind.Object || depth > Deepest)
        {
            return null;
        }

        if (schema.TryGetProperty("const", out var only))
        {
            return JsonNode.Parse(only.GetRawText());
        }

        if (schema.TryGetProperty("enum", out var choices))
        {
            return JsonNode.Parse(Pick(choices, random).GetRawText());
        }

        foreach (var union in (string[])["oneOf", "anyOf"])
        {
            if (schema.TryGetProperty(union, out var options) && options.GetArrayLength() > 0)
            {
                return Good(Pick(options, random), random, depth + 1);
            }
        }

        return TypeOf(schema) switch
        {
            "string" => Text(schema),
            "integer" => Number(schema, random),
            "number" => Number(schema, random) + 0.5,
            "boolean" => random.Next(4) == 0,
            "array" => Array(schema, random, depth),
            "null" => null,
            _ => Object(schema, random, depth),
        };
    }

    private JsonObject Object(JsonElement schema, Random random, int depth)
    {
        var made = new JsonObject();
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!).ToHashSet() : [];
        if (schema.TryGetProperty("properties", out var properties))
        {
            foreach (var property in properties.EnumerateObject().Where(property => required.Contains(property.Name) || random.Next(3) == 0))
            {
                // A run that takes long is no fault, and 600 s would be one to whoever waits for it.
                made[property.Name] = property.Name == "timeout" ? 2 : Good(property.Value, random, depth + 1);
            }
        }

        return made;
    }

    private JsonArray Array(JsonElement schema, Random random, int depth)
    {
        var made = new JsonArray();
        for (var left = random.Next(3); left > 0 && schema.TryGetProperty("items", out var items); left--)
        {
            made.Add(Good(items, random, depth + 1));
        }

        return made;
    }

    private static JsonValue Text(JsonElement schema) => JsonValue.Create(
        schema.TryGetProperty("format", out var format) && format.ValueEquals("uuid") ? "01963c5e-8b2a-7c3d-9e4f-0123456789ab"
        : schema.TryGetProperty("format", out format) && format.ValueEquals("date-time") ? "2099-01-01T00:00:00Z"
        : schema.TryGetProperty("default", out var usual) && usual.ValueKind == JsonValueKind.String ? usual.GetString()!
        : "fuzz-1");

    private static double Number(JsonElement schema, Random random) =>
        (schema.TryGetProperty("minimum", out var least) && least.ValueKind == JsonValueKind.Number ? Math.Ceiling(least.GetDouble()) : 0) + random.Next(2);

    private static string? TypeOf(JsonElement schema) =>
        !schema.TryGetProperty("type", out var type) ? null
        : type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()).First(one => one != "null")
        : type.GetString();

    private static JsonElement Pick(JsonElement list, Random random) => list[random.Next(list.GetArrayLength())];

    private JsonElement Resolve(JsonElement schema)
    {
        while (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference))
        {
            schema = reference.GetString()!.Split('/').Skip(1).Aggregate(document, (at, name) => at.GetProperty(name));
        }

        return schema;
    }
}
