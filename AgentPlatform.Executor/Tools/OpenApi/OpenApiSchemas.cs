using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>
/// Schemas of a document as plain JSON schemas: without the words that only OpenAPI has, without what a request may not hold
/// (<c>readOnly</c>), and with the named schemas they use beside them, under <c>definitions</c>. A schema may contain itself.
/// </summary>
internal sealed class OpenApiSchemas(OpenApiDocument document)
{
    private const string Components = "#/components/schemas/";
    private const string Definitions = "#/definitions/";

    private readonly Dictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);
    private readonly Queue<(string Name, IOpenApiSchema Schema)> _open = new();

    /// <exception cref="OpenApiUnusableException">It refers to something outside of the document's schemas, or only to itself.</exception>
    public JsonObject Convert(IOpenApiSchema schema)
    {
        var converted = Clean(Written(schema));
        while (_open.TryDequeue(out var next))
        {
            _definitions[next.Name] = Clean(Written(next.Schema));
        }

        OpenApiCycles.Check(_definitions);
        return converted;
    }

    /// <summary>The schema itself, when it is only a reference to one.</summary>
    public JsonObject Resolve(JsonObject schema)
    {
        while (schema["$ref"] is JsonValue reference)
        {
            schema = _definitions[Target(reference)];
        }

        return schema;
    }

    /// <summary>The named schemas that are needed, those included that they need in turn.</summary>
    public JsonObject Used(JsonNode by)
    {
        var used = new JsonObject();
        var open = new Queue<JsonNode>([by]);
        while (open.TryDequeue(out var node))
        {
            foreach (var name in References(node).Where(name => !used.ContainsKey(name)))
            {
                used[name] = _definitions[name].DeepClone();
                open.Enqueue(_definitions[name]);
            }
        }

        return used;
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => member switch
        {
            { Key: "$ref", Value: JsonValue value } => [Target(value)],
            // Data, whatever it looks like.
            { Key: "default" or "enum" or "const" } => [],
            _ => References(member.Value),
        }),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };

    /// <summary>The name that a converted reference leads to.</summary>
    public static string Target(JsonValue reference) => reference.GetValue<string>()[Definitions.Length..];

    private static JsonObject Written(IOpenApiSchema schema)
    {
        using var text = new StringWriter();
        schema.SerializeAsV31(new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        try
        {
            return JsonNode.Parse(text.ToString()) as JsonObject ?? [];
        }
        catch (JsonException exception)
        {
            // The library writes some values of a wrong type as they look in C#: exclusiveMinimum: True.
            throw new OpenApiUnusableException("one of its schemas has a value that is not JSON", exception);
        }
    }

    private JsonObject Clean(JsonObject schema)
    {
        if (schema["$ref"] is JsonValue reference)
        {
            return new JsonObject { ["$ref"] = Definitions + Define(reference.GetValue<string>()) };
        }

        foreach (var (key, value) in schema.ToList())
        {
            switch (key)
            {
                case "xml" or "externalDocs" or "discriminator" or "example" or "examples" or "deprecated" or "$schema" or "$id":
                case var extension when extension.StartsWith("x-", StringComparison.Ordinal):
                    schema.Remove(key);
                    break;
                case "$dynamicRef" or "$defs" or "$anchor" or "$dynamicAnchor":
                    throw new OpenApiUnusableException($"a schema uses '{key}', which is not supported: refer to schemas below components");
                case "properties" when value is JsonObject properties:
                    CleanProperties(schema, properties);
                    break;
                case "pattern":
                    // Nobody else's expressions are run here, where one that never ends would hold the executor. The model may read it.
                    schema.Remove(key);
                    schema["description"] = $"{schema["description"]} Pattern: {value}".Trim();
                    break;
                case "patternProperties":
                    schema.Remove(key);
                    schema.Remove("additionalProperties");
                    break;
                case "allOf" or "anyOf" or "oneOf" or "prefixItems" when value is JsonArray list:
                    schema[key] = new JsonArray([.. list.Select(JsonNode? (item) => item is JsonObject part ? Clean(Detached(part)) : item?.DeepClone())]);
                    break;
                case "items" or "additionalProperties" or "not" or "contains" or "propertyNames" or "if" or "then" or "else" when value is JsonObject part:
                    schema[key] = Clean(Detached(part));
                    break;
            }
        }

        return schema;
    }

    private void CleanProperties(JsonObject schema, JsonObject properties)
    {
        foreach (var name in properties.Where(member => member.Value is JsonObject part && IsTrue(part["readOnly"])).Select(member => member.Key).ToList())
        {
            properties.Remove(name);
            if (schema["required"] is JsonArray required)
            {
                required.RemoveAll(item => item is JsonValue value && value.GetValue<string>() == name);
            }
        }

        CleanEach(properties);
    }

    private void CleanEach(JsonObject schemas)
    {
        foreach (var (name, value) in schemas.ToList())
        {
            schemas[name] = value is JsonObject part ? Clean(Detached(part)) : value?.DeepClone();
        }
    }

    private string Define(string reference)
    {
        var name = reference.StartsWith(Components, StringComparison.Ordinal) ? reference[Components.Length..] : "";
        if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal))
        {
            throw new OpenApiUnusableException($"it refers to '{reference}': only schemas of the document itself are followed, nothing is fetched");
        }

        if (document.Components?.Schemas?.TryGetValue(name, out var schema) is not true || schema is null)
        {
            throw new OpenApiUnusableException($"it refers to the schema '{name}', which the document does not have");
        }

        if (_definitions.TryAdd(name, []))
        {
            _open.Enqueue((name, schema));
        }

        return name;
    }

    private static JsonObject Detached(JsonObject node) => (JsonObject)node.DeepClone();

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;
}
